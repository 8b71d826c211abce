import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../src/domain/shared/domain-error.js';
import { openApplication } from '../../support/application.js';

describe('the agent pool', () => {
  it('gives a finished agent the next task of its profile instead of starting another', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { start, enqueue, runtime, until } = opened;
    start();
    const first = await enqueue('first');
    const second = await enqueue('second');
    (await runtime.nextTurn()).complete();
    (await runtime.nextTurn()).complete();
    const tasks = [await until(first.id, 'completed'), await until(second.id, 'completed')];
    expect(tasks[0]?.agentId).toBe(tasks[1]?.agentId);
    expect(runtime.started).toHaveLength(1);
  });

  it('ends an idle agent to make room for one of another profile, before that one starts', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { start, enqueue, runtime } = opened;
    start();
    await enqueue('first', { agent: 'shell' });
    (await runtime.nextTurn()).complete();
    await enqueue('second', { agent: 'tests' });
    const turn = await runtime.nextTurn();
    expect(turn.prompt).toBe('second');
    expect(runtime.stopped).toEqual([runtime.started[0]]);
  });

  it('retires an agent that idles too long, but keeps `min` of them', async () => {
    await using opened = openApplication({ pool: { min: 1, max: 2, idleTimeoutMs: 100 } });
    const { app, start, enqueue, runtime, until, time } = opened;
    start();
    const tasks = [await enqueue('one'), await enqueue('two')];
    const turns = [await runtime.nextTurn(), await runtime.nextTurn()];
    for (const turn of turns) turn.complete();
    for (const { id } of tasks) await until(id, 'completed');
    await expect.poll(() => app.pool.counts()).toMatchObject({ idle: 2 });
    time.advance(100);
    await expect.poll(() => app.pool.counts()).toMatchObject({ idle: 1, stopping: 0 });
    time.advance(1_000);
    expect(app.pool.counts()).toMatchObject({ idle: 1, stopping: 0 });
    expect(runtime.stopped).toHaveLength(1);
  });

  it('fails a task whose agent cannot be started, at once and with the reason', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, until } = opened;
    start();
    runtime.failNextStart(new DomainError('unavailable', 'Program gone was not found.'));
    const { id } = await enqueue('doomed');
    expect(await until(id, 'failed')).toMatchObject({
      attempts: 1,
      error: { code: 'usage', message: 'Program gone was not found.' },
    });
    const { items } = await app.listAgents({ limit: 10 });
    expect(items).toMatchObject([{ status: 'crashed', reason: 'Program gone was not found.' }]);
    expect(app.pool.free()).toBe(2);
  });

  it('stops an agent with a receipt, and its task goes back to the queue without losing an attempt', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { app, start, enqueue, runtime } = opened;
    start();
    const { id } = await enqueue('long');
    await runtime.nextTurn();
    const { agentId } = await app.getTask({ taskId: id });
    if (agentId === null) throw new Error('The task has no agent.');
    expect(await app.stopAgent({ agentId })).toEqual({ ended: 1, left: 0 });
    expect(await app.getAgent({ agentId })).toMatchObject({ status: 'stopped', receipt: { ended: 1, left: 0 } });
    const again = await runtime.nextTurn();
    expect(again.attempt).toBe(`${id}-2`);
    expect(await app.getTask({ taskId: id })).toMatchObject({ attempts: 1, epoch: 2 });
  });

  it('gives a task back whose agent is stopped before it could begin', async () => {
    await using opened = openApplication();
    const { app, enqueue } = opened;
    const { id } = await enqueue('early');
    const [claimed] = (await app.claimTasks(app.pool, 'server-1')).tasks;
    if (claimed === undefined) throw new Error('Nothing was claimed.');
    await app.pool.stop(claimed.agentId);
    await app.runner.run(claimed);
    expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'pending', attempts: 0, epoch: 1 });
  });

  it('refuses to stop an agent that it does not have', async () => {
    await using opened = openApplication();
    await expect(opened.app.stopAgent({ agentId: 'agent_00000000001' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
