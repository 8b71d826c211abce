import { describe, expect, it } from 'vitest';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { ofType } from '../../support/agents/acp-bench.js';
import { updatesOf } from '../../support/agents/updates-of.js';
import { follow, openAgentDesk, take } from '../../support/real/agent-desk.js';

/** Codex starts in some 300 ms, on a machine that may be busy. In milliseconds. */
const TIME_LIMIT_MS = 120_000;

describe('the real Codex', { timeout: TIME_LIMIT_MS }, () => {
  it('tells thoughts, what a command has printed, and usage that grows over a stop', async (context) => {
    await using desk = await openAgentDesk(
      'codex',
      [
        { thinking: 'planning', text: 'I look.', calls: [{ op: 'shell', command: 'echo hello' }] },
        { text: 'Done.' },
        { text: 'Still here.' },
      ],
      context,
    );
    const agent = await desk.start();
    const first = await take(agent, desk.turn('first'));
    expect(ofType(first, 'thought')).toEqual([{ type: 'thought', text: 'planning' }]);
    expect(ofType(first, 'tool_result')).toMatchObject([{ outcome: 'done', output: 'hello\n' }]);
    await agent.stop();
    const second = await take(await desk.start(), follow(desk.turn('second'), first));
    const billed = (updates: AgentUpdate[]) => ofType(updates, 'usage').at(-1)?.usage.inputTokens ?? 0;
    expect(billed(second)).toBeGreaterThan(billed(first));
  });

  it('takes words into a running turn', async (context) => {
    await using desk = await openAgentDesk(
      'codex',
      [
        { text: 'I wait.', calls: [{ op: 'shell', command: 'until [ -e go ]; do sleep 0.05; done', escalate: true }] },
        { text: 'Heard.' },
      ],
      context,
    );
    const agent = await desk.start();
    let steered: boolean | undefined;
    const updates = await updatesOf(agent.prompt(desk.turn('first')), async (update) => {
      if (update.type !== 'permission') return;
      const isTaken = agent.steer?.('also think of the zebras');
      await agent.answer?.(update.request.requestId, { behavior: 'deny', message: 'no' });
      void isTaken?.then((is) => {
        steered = is;
      });
    });
    expect(steered).toBe(true);
    expect(updates.at(-1)).toMatchObject({ end: { outcome: 'completed' } });
    expect(desk.model.requests().at(-1)).toContain('also think of the zebras');
  });
});
