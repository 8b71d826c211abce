import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { isAlive } from '../../support/agents/bystander.js';
import { updatesOf } from '../../support/agents/codex-bench.js';
import { pidIn } from '../../support/agents/content-of.js';
import { openCodexDesk } from '../../support/real/codex-desk.js';

/** Codex starts in some 300 ms, on a machine that may be busy. In milliseconds. */
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

describe('the real Codex behind its runtime', { timeout: TIME_LIMIT_MS }, () => {
  it('takes turns with a tool, with leave given and refused, follows up and takes a conversation up again', async (context) => {
    const ask = (file: string) => ({ op: 'shell', command: `touch ${file}; echo made`, escalate: true });
    await using desk = await openCodexDesk(
      [
        { thinking: 'planning', text: 'I look.', calls: [{ op: 'shell', command: 'echo hello' }] },
        { text: 'I ask.', calls: [ask('allowed.txt')] },
        { text: 'Done.' },
        { text: 'I ask again.', calls: [ask('denied.txt')] },
        { text: 'Not done.' },
        { text: 'Still here.' },
      ],
      context,
    );
    const agent = await desk.start();
    const first = await take(agent, desk.turn('first'));
    expect(first.filter(({ type }) => type === 'unknown')).toEqual([]);
    expect(ofType(first, 'session')).toMatchObject([{ source: 'codex', agentVersion: '0.169.0', resumed: false }]);
    expect(ofType(first, 'thought')).toEqual([{ type: 'thought', text: 'planning' }]);
    expect(ofType(first, 'tool_call')).toMatchObject([
      { name: 'Bash', input: { command: 'echo hello' } },
      { name: 'Bash' },
    ]);
    expect(ofType(first, 'tool_result')).toMatchObject([
      { outcome: 'done', output: 'hello\n' },
      { outcome: 'done', output: 'made\n' },
    ]);
    expect(ofType(first, 'permission')).toHaveLength(1);
    expect(ofType(first, 'usage').at(-1)?.usage.inputTokens).toBeGreaterThan(0);
    expect(first.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Done.' } } });
    await access(join(desk.workspace, 'allowed.txt'));

    const second = await take(agent, follow(desk.turn('second'), first), false);
    expect(ofType(second, 'tool_result')).toMatchObject([{ outcome: 'failed' }]);
    expect(second.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Not done.' } } });
    await expect(access(join(desk.workspace, 'denied.txt'))).rejects.toMatchObject({ code: 'ENOENT' });

    expect(await agent.stop()).toMatchObject({ left: 0 });
    const third = await take(await desk.start(), follow(desk.turn('third'), first));
    expect(ofType(third, 'session')).toMatchObject([
      { resumed: true, providerSessionId: ofType(first, 'session')[0]?.providerSessionId },
    ]);
    expect(third.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Still here.' } } });
    expect(desk.model.requests().at(-1)).toContain('I ask again.');
    const billed = (updates: AgentUpdate[]) => ofType(updates, 'usage').at(-1)?.usage.inputTokens ?? 0;
    expect(billed(third)).toBeGreaterThan(billed(second));
  });

  it('begins anew where a conversation is not there any more', async (context) => {
    await using desk = await openCodexDesk([{ text: 'New.' }], context);
    const turn = desk.turn('go on');
    const providerSessionId = '01a1f84d-646a-7d21-a62e-dfb98b0ba82d';
    const conversation = { ...turn.conversation, providerSessionId };
    const updates = await take(await desk.start(), { ...turn, conversation });
    expect(ofType(updates, 'session')).toMatchObject([{ resumed: false }]);
    expect(ofType(updates, 'progress')[0]?.message).toContain('a new one begins with a hand-over');
    expect(desk.model.requests().at(-1)).toContain('BEFORE');
    expect(updates.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'New.' } } });
  });

  it('is interrupted while it speaks, and stopped within a tool that sleeps, with nothing left', async (context) => {
    await using desk = await openCodexDesk(
      [
        { text: 'HANGING', hang: true },
        { text: 'I sleep.', calls: [{ op: 'shell', command: 'echo $$ > pid; sleep 300', escalate: true }] },
      ],
      context,
    );
    const agent = await desk.start();
    const abort = new AbortController();
    const first = await updatesOf(agent.prompt(desk.turn('first', { signal: abort.signal })), ({ type }) => {
      if (type === 'text') abort.abort();
    });
    expect(first.at(-1)).toMatchObject({ end: { outcome: 'aborted', receipt: { left: 0 } } });

    const second = take(agent, follow(desk.turn('second'), first));
    const pid = await pidIn(join(desk.workspace, 'pid'));
    expect(await agent.stop()).toMatchObject({ left: 0 });
    expect(isAlive(pid)).toBe(false);
    expect((await second).at(-1)).toMatchObject({ end: { outcome: 'aborted' } });
  });

  it('takes words into a running turn', async (context) => {
    await using desk = await openCodexDesk(
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

  it('tells limits and faults of the model by their kind, and goes on after them', async (context) => {
    await using desk = await openCodexDesk(
      [
        { status: 429, error: 'slow down' },
        { status: 401, error: 'who are you' },
        { status: 500, error: 'broken' },
        { text: 'Well again.' },
      ],
      context,
    );
    const agent = await desk.start();
    const limited = await take(agent, desk.turn('one'));
    expect(limited.at(-2)).toMatchObject({ type: 'rate_limit' });
    expect(limited.at(-1)).toMatchObject({ end: { outcome: 'failed', error: { code: 'rate_limited' } } });
    const refused = await take(agent, desk.turn('two'));
    expect(refused.at(-1)).toMatchObject({ end: { outcome: 'failed', error: { code: 'usage' } } });
    const broken = await take(agent, desk.turn('three'));
    expect(broken.at(-1)).toMatchObject({ end: { outcome: 'failed', error: { code: 'failed' } } });
    expect((await take(agent, desk.turn('four'))).at(-1)).toMatchObject({ end: { outcome: 'completed' } });
  });
});
