import { describe, expect, it } from 'vitest';
import { openApplication } from '../../support/application.js';

const NAMED = { source: 'claude', providerSessionId: 'abc', cwd: '/work/below', agentVersion: '2.1.328' };

/** A conversation with one turn that has ended, whose agent knows it as `abc`. */
async function opened() {
  const backend = openApplication({ pool: { max: 2 } });
  backend.start();
  const { id } = await backend.enqueue('First.');
  const turn = await backend.runtime.nextTurn();
  await turn.tell({ type: 'session', ...NAMED, resumed: false });
  const sessionOf = async () => (await backend.app.getTask({ taskId: id })).sessionId ?? 'session_';
  const said = async () => {
    const { items } = await backend.app.listPrompts({ sessionId: await sessionOf(), limit: 20 });
    return items.map(({ who, text }) => `${who}: ${text}`);
  };
  const send = async (prompt: string) => backend.app.sendPrompt({ sessionId: await sessionOf(), prompt });
  return { ...backend, first: { id, turn }, sessionOf, said, send };
}

describe('a conversation', () => {
  it('goes on with a task of its own after its turn, under the id that the agent knows and where it was begun', async () => {
    await using it = await opened();
    it.first.turn.complete('One.');
    await it.until(it.first.id, 'completed');
    const { delivered, task } = await it.send('Second.');
    expect(delivered).toBe('queued');
    const turn = await it.runtime.nextTurn();
    expect(turn).toMatchObject({ prompt: 'Second.', workspace: '/work/below' });
    expect(turn.conversation).toMatchObject({ sessionId: await it.sessionOf(), providerSessionId: 'abc' });
    const handedOver = await turn.conversation.handOver();
    expect(handedOver).toContain('They: First.\nYou: One.');
    expect(handedOver).not.toContain('Second.');
    turn.complete('Two.');
    expect(await it.until(task.id, 'completed')).toMatchObject({ sessionId: await it.sessionOf() });
    expect(await it.said()).toEqual(['task: First.', 'agent: One.', 'task: Second.', 'agent: Two.']);
  });

  it('takes what is said into its running turn, where its agent does', async () => {
    await using it = await opened();
    it.runtime.takesMore = true;
    expect(await it.send('And the tests.')).toMatchObject({ delivered: 'said', task: { id: it.first.id } });
    expect(it.runtime.steered).toEqual(['And the tests.']);
    expect(await it.said()).toEqual(['task: First.', 'user: And the tests.']);
  });

  it('keeps what is said in order while its agent takes nothing, also when a turn fails', async () => {
    await using it = await opened();
    const second = (await it.send('Second.')).task;
    const third = (await it.send('Third.')).task;
    expect(second).toMatchObject({ status: 'blocked', after: [it.first.id] });
    expect(third).toMatchObject({ status: 'blocked', after: [second.id] });
    await it.app.cancelTask({ taskId: it.first.id });
    const turn = await it.runtime.nextTurn();
    expect(turn.prompt).toBe('Second.');
    turn.end({
      outcome: 'failed',
      error: { code: 'usage', message: 'No.' },
      exitCode: 1,
      receipt: { ended: 0, left: 0 },
    });
    expect((await it.runtime.nextTurn()).prompt).toBe('Third.');
  });

  it('that is paused ends its turn, takes no prompt, and goes on when it is resumed', async () => {
    await using it = await opened();
    const sessionId = await it.sessionOf();
    await it.app.pauseSession({ sessionId });
    expect(it.first.turn.signal.aborted).toBe(true);
    const parked = await it.until(it.first.id, 'scheduled');
    expect(parked).toMatchObject({ attempts: 0, error: { code: 'parked' } });
    expect(parked.error?.message).toContain(`cw session resume ${sessionId}`);
    await expect(it.send('More.')).rejects.toMatchObject({ code: 'invalid_transition' });
    await it.app.resumeSession({ sessionId });
    const turn = await it.runtime.nextTurn();
    expect(turn).toMatchObject({ prompt: 'First.', conversation: { providerSessionId: 'abc' } });
    turn.complete();
    expect(await it.until(it.first.id, 'completed')).toMatchObject({ attempts: 1 });
  });

  it('that was paused while its next task waited holds that task back', async () => {
    await using it = await opened();
    const { task } = await it.send('Second.');
    const sessionId = await it.sessionOf();
    it.first.turn.complete();
    const second = await it.runtime.nextTurn();
    second.end({ outcome: 'aborted', receipt: { ended: 0, left: 0 } });
    const again = await it.runtime.nextTurn();
    await it.app.pauseSession({ sessionId });
    expect(again.signal.aborted).toBe(true);
    await it.until(task.id, 'scheduled');
    await it.app.resumeSession({ sessionId });
    expect((await it.runtime.nextTurn()).prompt).toBe('Second.');
  });
});
