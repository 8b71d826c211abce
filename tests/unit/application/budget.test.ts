import { describe, expect, it } from 'vitest';
import { openApplication } from '../../support/application.js';

const NAMED = { source: 'claude', providerSessionId: 'abc', cwd: '/work', agentVersion: null };

/** Tasks of a profile that may use 1,000 tokens for each, and two dollars a day. */
function opened() {
  const backend = openApplication();
  backend.start();
  const turn = async () => {
    const { id } = await backend.enqueue('Do it.', { agent: 'careful' });
    return { id, turn: await backend.runtime.nextTurn() };
  };
  const usage = (inputTokens: number, costUsd: number | null = null) => ({
    type: 'usage' as const,
    usage: { inputTokens, outputTokens: 10, cachedTokens: 0, costUsd, model: null },
  });
  const asked = async () => (await backend.app.listPermissions({ status: 'waiting', limit: 10 })).items[0];
  return { ...backend, turn, usage, asked };
}

describe('what agents use', () => {
  it('is billed by the difference of figures that count from the begin of a conversation', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.usage(100, 0.5), it.usage(300, 0.75));
    expect(await it.app.getUsage({ taskId: id })).toMatchObject({ inputTokens: 300, microUsd: 750_000 });
    turn.complete();
    const { sessionId } = await it.until(id, 'completed');
    const { task } = await it.app.sendPrompt({ sessionId: sessionId ?? 'session_', prompt: 'More.' });
    const next = await it.runtime.nextTurn();
    await next.tell(it.usage(350, 0.8));
    expect(await it.app.getUsage({ taskId: task.id })).toMatchObject({ inputTokens: 50, microUsd: 50_000 });
  });

  it('is billed whole when the agent has begun to count anew', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.usage(300), it.usage(40));
    expect(await it.app.getUsage({ taskId: id })).toMatchObject({ inputTokens: 340 });
  });

  it('puts a task aside that has used up its budget, and a person decides', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.usage(990));
    expect(turn.signal.aborted).toBe(true);
    await it.until(id, 'scheduled');
    const asked = await it.asked();
    expect(asked).toMatchObject({ tool: 'budget', title: 'go on although 1,000 tokens for this task are used up' });
    await it.app.answerPermission({ permissionId: asked?.id ?? 'perm_', answer: 'allow', always: false });
    const next = await it.runtime.nextTurn();
    await next.tell({ type: 'session', ...NAMED, resumed: true }, it.usage(2_000));
    expect(next.signal.aborted).toBe(false);
    next.complete();
    await it.until(id, 'completed');
  });

  it('fails a task whose person does not want to spend more', async () => {
    await using it = opened();
    const { id, turn } = await it.turn();
    await turn.tell(it.usage(990));
    await it.until(id, 'scheduled');
    await it.app.answerPermission({ permissionId: (await it.asked())?.id ?? 'perm_', answer: 'deny', always: false });
    const next = await it.runtime.nextTurn();
    await next.tell({ type: 'session', ...NAMED, resumed: true });
    expect(await it.until(id, 'failed')).toMatchObject({
      error: { code: 'usage', message: 'It was not allowed to go on although 1,000 tokens for this task are used up.' },
    });
  });

  it('keeps the next task of the day from saying anything when the money of the day is spent', async () => {
    await using it = opened();
    const first = await it.turn();
    await first.turn.tell(it.usage(10, 2));
    await it.until(first.id, 'scheduled');
    const second = await it.turn();
    await second.turn.tell({ type: 'session', ...NAMED, providerSessionId: 'def', resumed: false });
    await it.until(second.id, 'scheduled');
    expect(await it.asked()).toMatchObject({ title: 'go on although $2 for today are used up' });
    it.time.advance(86_400_000);
    const third = await it.turn();
    await third.turn.tell({ type: 'session', ...NAMED, providerSessionId: 'ghi', resumed: false });
    expect(third.turn.signal.aborted).toBe(false);
  });
});
