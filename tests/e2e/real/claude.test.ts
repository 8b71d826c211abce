import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { isAlive } from '../../support/agents/bystander.js';
import { updatesOf } from '../../support/agents/codex-bench.js';
import { pidIn } from '../../support/agents/content-of.js';
import { openClaudeDesk } from '../../support/real/claude-desk.js';

/** Claude Code starts in some 500 ms, on a machine that may be busy. In milliseconds. */
const TIME_LIMIT_MS = 120_000;

function ofType<T extends AgentUpdate['type']>(updates: readonly AgentUpdate[], type: T) {
  return updates.filter((update): update is Extract<AgentUpdate, { type: T }> => update.type === type);
}

/** Takes a turn and allows or denies what it asks for. */
function take(agent: RunningAgent, turn: Turn, allows = true): Promise<AgentUpdate[]> {
  return updatesOf(agent.prompt(turn), (update) => {
    if (update.type !== 'permission') return undefined;
    const answer = allows
      ? ({ behavior: 'allow', always: false } as const)
      : ({ behavior: 'deny', message: 'not today' } as const);
    return agent.answer?.(update.request.requestId, answer);
  });
}

/** Goes on with the conversation that these updates are of. */
function follow(turn: Turn, updates: readonly AgentUpdate[]): Turn {
  const providerSessionId = ofType(updates, 'session')[0]?.providerSessionId ?? null;
  return { ...turn, conversation: { ...turn.conversation, providerSessionId } };
}

describe('the real Claude Code behind its runtime', { timeout: TIME_LIMIT_MS }, () => {
  it('takes turns with leave given and refused, follows up and takes a conversation up again', async (context) => {
    await using desk = await openClaudeDesk(
      [
        { text: 'I write.', calls: [{ op: 'write', path: '{{cwd}}/allowed.txt', content: 'made\n' }] },
        { text: 'Done.' },
        { text: 'I ask again.', calls: [{ op: 'shell', command: 'touch denied.txt' }] },
        { text: 'Not done.' },
        { text: 'Still here.' },
      ],
      context,
    );
    const agent = await desk.start();
    const first = await take(agent, desk.turn('first'));
    expect(first.filter(({ type }) => type === 'unknown')).toEqual([]);
    expect(first[0]).toMatchObject({ type: 'session', source: 'claude', resumed: false });
    expect(first[1]).toMatchObject({ type: 'mark' });
    expect(ofType(first, 'session').at(-1)).toMatchObject({ agentVersion: '2.1.328' });
    expect(ofType(first, 'tool_call')).toMatchObject([{ name: 'Write', title: join(desk.workspace, 'allowed.txt') }]);
    expect(ofType(first, 'tool_result')).toMatchObject([
      { outcome: 'done', diffs: [{ before: null, after: 'made\n' }] },
    ]);
    expect(ofType(first, 'permission')).toHaveLength(1);
    expect(first.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Done.' } } });
    await access(join(desk.workspace, 'allowed.txt'));

    const second = await take(agent, follow(desk.turn('second'), first), false);
    expect(ofType(second, 'tool_result')).toMatchObject([{ outcome: 'failed', output: 'not today' }]);
    expect(second.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Not done.' } } });
    await expect(access(join(desk.workspace, 'denied.txt'))).rejects.toMatchObject({ code: 'ENOENT' });

    expect(await agent.stop()).toMatchObject({ left: 0 });
    const third = await take(await desk.start(), follow(desk.turn('third'), first));
    expect(third[0]).toMatchObject({
      resumed: true,
      providerSessionId: ofType(first, 'session')[0]?.providerSessionId,
    });
    expect(third.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Still here.' } } });
    const billed = (updates: AgentUpdate[]) => ofType(updates, 'usage').at(-1)?.usage.costUsd ?? 0;
    expect(billed(third)).toBeGreaterThan(billed(second));
  });

  it('begins anew with a hand-over where a conversation is not there any more', async (context) => {
    await using desk = await openClaudeDesk([{ text: 'New.' }], context);
    const turn = desk.turn('go on');
    const conversation = { ...turn.conversation, providerSessionId: randomUUID() };
    const updates = await take(await desk.start(), { ...turn, conversation });
    expect(updates[0]).toMatchObject({ type: 'session', resumed: false });
    expect(ofType(updates, 'progress')[0]?.message).toContain('begins anew with a hand-over');
    expect(desk.model.requests().at(-1)).toContain('BEFORE');
    expect(updates.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'New.' } } });
  });

  it('is interrupted within a tool, and stopped within one that sleeps, with nothing left', async (context) => {
    const sleep = (file: string) => ({ op: 'shell', command: `echo $$ > ${file}; tail -f /dev/null` });
    await using desk = await openClaudeDesk(
      [
        { text: 'I sleep.', calls: [sleep('one')] },
        { text: 'I sleep again.', calls: [sleep('two')] },
      ],
      context,
    );
    const agent = await desk.start();
    const abort = new AbortController();
    const running = updatesOf(agent.prompt(desk.turn('first', { signal: abort.signal })), (update) =>
      update.type === 'permission'
        ? agent.answer?.(update.request.requestId, { behavior: 'allow', always: false })
        : undefined,
    );
    const one = await pidIn(join(desk.workspace, 'one'));
    abort.abort();
    const first = await running;
    expect(first.at(-1)).toMatchObject({ end: { outcome: 'aborted', receipt: { left: 0 } } });
    expect(isAlive(one)).toBe(false);

    const second = take(agent, follow(desk.turn('second'), first));
    const two = await pidIn(join(desk.workspace, 'two'));
    expect(await agent.stop()).toMatchObject({ left: 0 });
    expect(isAlive(two)).toBe(false);
    expect((await second).at(-1)).toMatchObject({ end: { outcome: 'aborted' } });
  });

  it('tells limits and faults of the model by their kind, and goes on after them', async (context) => {
    const faults = [
      [429, 'rate_limited'],
      [401, 'usage'],
      [500, 'failed'],
    ] as const;
    await using desk = await openClaudeDesk(
      [...faults.map(([status]) => ({ status, error: 'no' })), { text: 'Well again.' }],
      context,
    );
    const agent = await desk.start();
    let last: AgentUpdate[] = [];
    for (const [, code] of faults) {
      last = await take(agent, follow(desk.turn('again'), last));
      expect(last.at(-1)).toMatchObject({ end: { outcome: 'failed', error: { code } } });
    }
    expect((await take(agent, follow(desk.turn('four'), last))).at(-1)).toMatchObject({
      end: { outcome: 'completed' },
    });
  });
});
