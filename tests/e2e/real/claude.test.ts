import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { ofType } from '../../support/agents/acp-bench.js';
import { follow, openAgentDesk, take } from '../../support/real/agent-desk.js';

/** Claude Code starts in some 500 ms, on a machine that may be busy. In milliseconds. */
const TIME_LIMIT_MS = 120_000;

it(
  'the real Claude Code tells what a file was and is, and costs that grow over a stop',
  async (context) => {
    await using desk = await openAgentDesk(
      'claude',
      [
        { text: 'I write.', calls: [{ op: 'write', path: '{{cwd}}/made.txt', content: 'made\n' }] },
        { text: 'Done.' },
        { text: 'Still here.' },
      ],
      context,
    );
    const agent = await desk.start();
    const first = await take(agent, desk.turn('first'));
    expect(ofType(first, 'tool_call')).toMatchObject([{ name: 'Write', title: join(desk.workspace, 'made.txt') }]);
    expect(ofType(first, 'tool_result')).toMatchObject([
      { outcome: 'done', diffs: [{ before: null, after: 'made\n' }] },
    ]);
    await agent.stop();
    const second = await take(await desk.start(), follow(desk.turn('second'), first));
    const billed = (updates: AgentUpdate[]) => ofType(updates, 'usage').at(-1)?.usage.costUsd ?? 0;
    expect(billed(second)).toBeGreaterThan(billed(first));
  },
  TIME_LIMIT_MS,
);
