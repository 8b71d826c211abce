import { describe, expect, it } from 'vitest';
import { openApplication } from '../../support/application.js';

describe('the scheduler', () => {
  it('gives a task to an agent as soon as it is enqueued', async () => {
    await using opened = openApplication();
    const { start, enqueue, runtime, until } = opened;
    start();
    const { id } = await enqueue('build');
    const turn = await runtime.nextTurn();
    expect(turn).toMatchObject({ prompt: 'build', workspace: '/work', attempt: `${id}-1` });
    turn.complete('built');
    expect(await until(id, 'completed')).toMatchObject({ attempts: 1, result: { text: 'built' } });
  });

  it('takes tasks by priority, then time, then age, and never more than the pool holds', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { start, enqueue, runtime } = opened;
    const prompts = [
      ['old', 0],
      ['young', 0],
      ['low', -5],
      ['high', 7],
    ] as const;
    for (const [prompt, priority] of prompts) await enqueue(prompt, { priority });
    start();
    const order: string[] = [];
    for (let n = 0; n < prompts.length; n += 1) {
      const turn = await runtime.nextTurn();
      expect(runtime.open.size).toBe(1);
      order.push(turn.prompt);
      turn.complete();
    }
    expect(order).toEqual(['high', 'old', 'young', 'low']);
  });

  it('runs no more agents in a workspace than it may hold, and passes on to the next workspace', async () => {
    await using opened = openApplication({ pool: { max: 3, maxPerWorkspace: 1 } });
    const { app, start, enqueue, runtime, until } = opened;
    const first = await enqueue('a1', { workspace: '/a' });
    const second = await enqueue('a2', { workspace: '/a' });
    await enqueue('b1', { workspace: '/b' });
    start();
    const turns = [await runtime.nextTurn(), await runtime.nextTurn()];
    expect(turns.map(({ prompt }) => prompt)).toEqual(['a1', 'b1']);
    expect((await app.getTask({ taskId: second.id })).status).toBe('pending');
    turns[0]?.complete();
    await until(first.id, 'completed');
    expect((await runtime.nextTurn()).prompt).toBe('a2');
  });

  it('waits for the time of a scheduled task with one timer, and starts it then', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, time } = opened;
    start();
    const later = await enqueue('later', { delayMs: 5_000 });
    await enqueue('much later', { delayMs: 50_000 });
    expect(later.status).toBe('scheduled');
    expect(time.pending()).toBe(1);
    time.advance(4_999);
    expect((await app.getTask({ taskId: later.id })).status).toBe('scheduled');
    time.advance(1);
    expect((await runtime.nextTurn()).prompt).toBe('later');
  });

  it('waits for the time of a task that was blocked when the server started, and is unblocked before it', async () => {
    await using opened = openApplication();
    const { start, enqueue, runtime, time, until } = opened;
    const first = await enqueue('first');
    const later = await enqueue('later', { after: [first.id], delayMs: 5_000 });
    start();
    (await runtime.nextTurn()).complete();
    await until(later.id, 'scheduled');
    // The timer is set some turns of the loop later, and is not the only one.
    const openAfterAWhile = () => {
      time.advance(5_000);
      return runtime.open.size;
    };
    await expect.poll(openAfterAWhile).toBe(1);
    expect((await runtime.nextTurn()).prompt).toBe('later');
  });

  it('tries a failed attempt again at once when its pause is nothing', async () => {
    await using opened = openApplication();
    const { start, enqueue, runtime } = opened;
    start();
    await enqueue('flaky', { retry: { backoff: { kind: 'fixed', delayMs: 0 } } });
    (await runtime.nextTurn()).fail('first');
    expect((await runtime.nextTurn()).prompt).toBe('flaky');
  });

  it('starts tasks that came due while no server ran', async () => {
    await using opened = openApplication();
    const { start, enqueue, runtime, time } = opened;
    await enqueue('overdue', { delayMs: 5_000 });
    time.advance(10_000);
    start();
    expect((await runtime.nextTurn()).prompt).toBe('overdue');
  });

  it('tries a failed attempt again after its backoff, until none is left', async () => {
    await using opened = openApplication({ tasks: { maxAttempts: 2 } });
    const { start, enqueue, runtime, time, until } = opened;
    start();
    const { id } = await enqueue('flaky');
    (await runtime.nextTurn()).fail('first');
    const waiting = await until(id, 'scheduled');
    expect(waiting).toMatchObject({ attempts: 1, runAt: time.clock() + 500, error: { message: 'first' } });
    time.advance(500);
    (await runtime.nextTurn()).fail('second');
    expect(await until(id, 'failed')).toMatchObject({ attempts: 2, error: { code: 'failed', message: 'second' } });
  });

  it('hands out nothing while the queue is paused, and goes on when it is resumed', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime } = opened;
    await app.pauseQueue(true);
    start();
    const { id } = await enqueue('patient');
    await enqueue('other');
    expect((await app.getTask({ taskId: id })).status).toBe('pending');
    await app.pauseQueue(false);
    expect((await runtime.nextTurn()).prompt).toBe('patient');
  });

  it('starts a task when all it comes after have completed, and fails it when one has failed', async () => {
    await using opened = openApplication({ tasks: { maxAttempts: 1 } });
    const { start, enqueue, runtime, until } = opened;
    const one = await enqueue('one');
    const two = await enqueue('two');
    const both = await enqueue('both', { after: [one.id, two.id] });
    const never = await enqueue('never', { after: [both.id] });
    const nor = await enqueue('nor this', { after: [never.id] });
    start();
    (await runtime.nextTurn()).complete();
    (await runtime.nextTurn()).complete();
    const joined = await runtime.nextTurn();
    expect(joined.prompt).toBe('both');
    joined.fail('broken');
    await until(both.id, 'failed');
    expect(await until(never.id, 'failed')).toMatchObject({ error: { code: 'dependency_failed' }, attempts: 0 });
    expect(await until(nor.id, 'failed')).toMatchObject({ error: { code: 'dependency_failed' }, attempts: 0 });
  });
});
