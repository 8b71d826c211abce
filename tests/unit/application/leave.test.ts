import { describe, expect, it } from 'vitest';
import { openApplication } from '../../support/application.js';

/** The application with agents that a later server can take over. */
function openWithSuccessor() {
  const opened = openApplication();
  const { app, runtime, scope } = opened;
  runtime.attach = () => Promise.resolve(null);
  const leave = async () => {
    await scope.close();
    await app.runner.leave();
    await app.pool.leave();
  };
  return { ...opened, leave };
}

describe('a server that another one follows', () => {
  it('leaves a turn that can be found again, and stores no more of it', async () => {
    const { app, start, enqueue, runtime, leave } = openWithSuccessor();
    start();
    const { id } = await enqueue('go on');
    const turn = await runtime.nextTurn();
    await turn.tell({ type: 'mark', mark: 'here' });
    await leave();
    turn.complete();
    expect(turn.signal.aborted).toBe(false);
    expect(runtime.stopped).toEqual([]);
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'processing', epoch: 1 });
    expect((await app.listAgents({ limit: 1 })).items).toMatchObject([{ status: 'busy', taskId: id }]);
    expect(app.pool.free()).toBe(0);
  });

  it('stores what was told before it leaves', async () => {
    const { app, start, enqueue, runtime, leave } = openWithSuccessor();
    start();
    const { id } = await enqueue('done');
    const turn = await runtime.nextTurn();
    await turn.tell({ type: 'mark', mark: 'here' });
    turn.complete('all of it');
    await expect.poll(async () => (await app.getTask({ taskId: id })).status).toBe('completed');
    await leave();
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'completed', result: { text: 'all of it' } });
    // The agent had nothing that waits for a next turn.
    expect(runtime.stopped).toEqual(runtime.started);
  });

  it('ends a turn that has not said how to find back into it, and its task goes back to the queue', async () => {
    const { app, start, enqueue, runtime, leave } = openWithSuccessor();
    start();
    const { id } = await enqueue('too early');
    const turn = await runtime.nextTurn();
    await leave();
    expect(turn.signal.aborted).toBe(true);
    expect(runtime.stopped).toEqual(runtime.started);
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'pending', attempts: 0 });
  });

  it('ends one whose agent cannot be taken over', async () => {
    const { app, start, enqueue, runtime, leave } = openWithSuccessor();
    delete runtime.attach;
    start();
    const { id } = await enqueue('alone');
    const turn = await runtime.nextTurn();
    await turn.tell({ type: 'mark', mark: 'here' });
    await leave();
    expect(runtime.stopped).toEqual(runtime.started);
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'pending', attempts: 0 });
  });

  it('ends what it left when no other follows after all', async () => {
    const { app, start, enqueue, runtime, leave } = openWithSuccessor();
    start();
    const { id } = await enqueue('called off');
    const turn = await runtime.nextTurn();
    await turn.tell({ type: 'mark', mark: 'here' });
    await leave();
    await app.pool.endLeft();
    expect(runtime.stopped).toEqual(runtime.started);
    expect((await app.getTask({ taskId: id })).status).toBe('processing');
  });
});
