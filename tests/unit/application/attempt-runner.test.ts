import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/application/agent/attempt-lease.js';
import { startScheduler } from '../../../src/application/task/scheduler.js';
import { openApplication } from '../../support/application.js';

describe('an attempt', () => {
  it('is cut short when its task is cancelled, and its place is free again', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { app, start, enqueue, runtime } = opened;
    start();
    const { id } = await enqueue('wrong');
    const turn = await runtime.nextTurn();
    await app.cancelTask({ taskId: id, reason: 'changed my mind' });
    await enqueue('right');
    expect((await runtime.nextTurn()).prompt).toBe('right');
    expect(turn.signal.aborted).toBe(true);
    expect(await app.getResult({ taskId: id })).toMatchObject({
      status: 'cancelled',
      error: { code: 'cancelled', message: 'changed my mind' },
      attempts: [{ epoch: 1, outcome: 'cancelled' }],
    });
  });

  it('is cut short also when it follows one that was interrupted', async () => {
    await using opened = openApplication({ pool: { max: 2 } });
    const { app, start, enqueue, runtime } = opened;
    start();
    const { id } = await enqueue('twice');
    // The second attempt begins before the first has given its agent back.
    (await runtime.nextTurn()).end({ outcome: 'aborted', receipt: { ended: 0, left: 0 } });
    const second = await runtime.nextTurn();
    await expect.poll(() => app.pool.counts()).toMatchObject({ idle: 1, busy: 1 });
    await app.cancelTask({ taskId: id });
    await app.runner.cancelled(id);
    expect(second.signal.aborted).toBe(true);
    expect(runtime.open.size).toBe(0);
  });

  it('cannot bring a cancelled task back with a late result', async () => {
    await using opened = openApplication();
    const { app, enqueue } = opened;
    const { id } = await enqueue('late');
    const [claimed] = (await app.claimTasks(app.pool, 'server-1')).tasks;
    expect(claimed?.id).toBe(id);
    await app.cancelTask({ taskId: id });
    const result = { text: '', truncated: false, bytes: 0, exitCode: 0 };
    await expect(app.completeTask(id, 1, result)).rejects.toMatchObject({ code: 'invalid_transition' });
    expect((await app.getTask({ taskId: id })).status).toBe('cancelled');
  });

  it('whose agent neither ends nor hears loses its claim, and what it says later is refused', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { app, start, enqueue, runtime, time, until } = opened;
    start();
    const { id } = await enqueue('hangs', { timeoutMs: 60_000, maxAttempts: 2 });
    runtime.isDeaf = true;
    const hung = await runtime.nextTurn();
    runtime.isDeaf = false;
    time.advance(60_000 + LEASE_MS - 1);
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'processing', epoch: 1 });
    time.advance(1);
    const lost = { code: 'timeout', message: expect.stringContaining('lost its claim') as unknown };
    expect(await until(id, 'scheduled')).toMatchObject({ attempts: 1, error: lost });
    time.advance(1_000);
    const second = await runtime.nextTurn();
    hung.complete('late');
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'processing', epoch: 2 });
    second.complete('in time');
    expect(await until(id, 'completed')).toMatchObject({ result: { text: 'in time' } });
    expect(runtime.stopped).toHaveLength(1);
  });

  it('of an older epoch is refused', async () => {
    await using opened = openApplication();
    const { app, enqueue } = opened;
    const { id } = await enqueue('twice');
    await app.claimTasks(app.pool, 'server-1');
    await app.interruptTask(id, 1, 'test');
    await app.claimTasks(app.pool, 'server-1');
    const result = { text: '', truncated: false, bytes: 0, exitCode: 0 };
    await expect(app.completeTask(id, 1, result)).rejects.toMatchObject({ code: 'conflict' });
    expect(await app.completeTask(id, 2, result)).toMatchObject({ status: 'completed', attempts: 1, epoch: 2 });
  });

  it('ends with the server, and its task goes back to the queue', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, scope } = opened;
    start();
    const { id } = await enqueue('long');
    await runtime.nextTurn();
    await scope.close();
    await app.runner.close();
    expect(await app.getTask({ taskId: id })).toMatchObject({
      status: 'pending',
      attempts: 0,
      error: { code: 'interrupted' },
    });
  });

  it('that breaks fails its task, which would run for ever otherwise', async () => {
    await using opened = openApplication();
    const { start, enqueue, runtime, until } = opened;
    start();
    const { id } = await enqueue('unlucky', { maxAttempts: 1 });
    (await runtime.nextTurn()).break(new Error('EIO: i/o error, read'));
    expect(await until(id, 'failed')).toMatchObject({
      attempts: 1,
      error: { code: 'failed', message: 'The attempt broke: EIO: i/o error, read' },
    });
    await enqueue('next');
    expect((await runtime.nextTurn()).prompt).toBe('next');
  });

  it('that was being claimed when the server closed is not counted', async () => {
    await using opened = openApplication();
    const { app, enqueue, scope, needs } = opened;
    scope.defer('agents', async () => {
      await app.runner.close();
      await app.pool.close();
    });
    const { id } = await enqueue('late');
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await new Promise<void>((asked) => {
      const claimTasks: typeof app.claimTasks = async (...args) => {
        const claimed = await app.claimTasks(...args);
        asked();
        await held;
        return claimed;
      };
      startScheduler({ ...needs, ...app, claimTasks }, scope);
    });
    setImmediate(letGo);
    await scope.close();
    await held;
    await app.runner.close();
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'pending', attempts: 0 });
  });

  it('opens one conversation for its task, which a further attempt goes on with', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, until, time } = opened;
    start();
    const { id } = await enqueue('say this\nand that');
    (await runtime.nextTurn()).fail();
    await until(id, 'scheduled');
    time.advance(1_000);
    (await runtime.nextTurn()).complete();
    const { sessionId } = await until(id, 'completed');
    const { items } = await app.listSessions({ limit: 10 });
    expect(items).toMatchObject([{ id: sessionId, status: 'closed', prompts: 2, title: 'say this', taskId: id }]);
  });
});

describe('recovery', () => {
  it('gives the tasks of a dead server back without counting the attempt, and marks its agents as crashed', async () => {
    // Not closed at the end: that is what it means to be dead.
    const { app, start, enqueue, runtime, until } = openApplication({ owner: 'dead' });
    start();
    const { id } = await enqueue('orphan');
    await runtime.nextTurn();
    await until(id, 'processing');
    await app.recover('successor');
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'pending', attempts: 0, epoch: 1 });
    const { items } = await app.listAgents({ limit: 10 });
    expect(items).toMatchObject([{ status: 'crashed', reason: 'The server that ran it is gone.' }]);
  });

  it('leaves alone what this server runs itself', async () => {
    await using opened = openApplication({ owner: 'alive' });
    const { app, enqueue } = opened;
    const { id } = await enqueue('mine');
    await app.claimTasks(app.pool, 'alive');
    await app.recover('alive');
    expect((await app.getTask({ taskId: id })).status).toBe('processing');
  });
});
