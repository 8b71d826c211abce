import { describe, expect, it, vi } from 'vitest';
import type { Task } from '../../../src/domain/task/task.js';
import { openApplication } from '../../support/application.js';

/** Lets time pass, and whatever the timer then asks for, until the task is in this state. */
function passUntil({ app, time }: ReturnType<typeof openApplication>, taskId: Task['id'], status: Task['status']) {
  return vi.waitFor(
    async () => {
      time.advance(1);
      const task = await app.getTask({ taskId });
      expect(task.status).toBe(status);
      return task;
    },
    { interval: 1 },
  );
}

describe('a deadline', () => {
  it('fails what waits for it, and what comes after that', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { app, start, enqueue, runtime, time } = opened;
    start();
    await enqueue('long');
    await runtime.nextTurn();
    const deadline = time.clock() + 5_000;
    const waiting = await enqueue('waiting', { deadline });
    const later = await enqueue('later', { delayMs: 1_000, deadline: deadline + 1 });
    const after = await enqueue('after', { after: [waiting.id] });
    time.advance(4_999);
    expect((await app.getTask({ taskId: waiting.id })).status).toBe('pending');
    expect(await passUntil(opened, after.id, 'failed')).toMatchObject({ error: { code: 'dependency_failed' } });
    for (const { id } of [waiting, later])
      expect(await passUntil(opened, id, 'failed')).toMatchObject({ error: { code: 'deadline' } });
    expect(await app.queueStats()).toMatchObject({ pending: 0, scheduled: 0, blocked: 0, processing: 1, failed: 3 });
  });

  it('ends the attempt that runs, whose late result counts for nothing', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, time } = opened;
    start();
    const { id } = await enqueue('long', { deadline: time.clock() + 5_000 });
    const turn = await runtime.nextTurn();
    time.advance(5_000);
    expect(await passUntil(opened, id, 'failed')).toMatchObject({ attempts: 1, error: { code: 'deadline' } });
    await vi.waitFor(() => expect(turn.signal.aborted).toBe(true));
    expect((await app.getResult({ taskId: id })).attempts).toMatchObject([
      { outcome: 'failed', error: { code: 'deadline' } },
    ]);
    const late = app.completeTask(id, 1, { text: 'late', truncated: false, bytes: 4, exitCode: 0 });
    await expect(late).rejects.toMatchObject({ code: 'invalid_transition' });
  });

  it('can be moved while the task runs, and does not outlive a retry', async () => {
    await using opened = openApplication();
    const { app, start, enqueue, runtime, time, until } = opened;
    start();
    const { id } = await enqueue('long', { deadline: time.clock() + 5_000 });
    await runtime.nextTurn();
    await app.changeTask({ taskId: id, deadline: time.clock() + 9_000 });
    time.advance(8_999);
    expect((await app.getTask({ taskId: id })).status).toBe('processing');
    await passUntil(opened, id, 'failed');
    expect(await app.retryTask({ taskId: id })).toMatchObject({ deadline: null });
    const again = await runtime.nextTurn();
    again.complete('done');
    expect(await until(id, 'completed')).toMatchObject({ deadline: null });
  });

  it('must leave time to run', async () => {
    await using opened = openApplication();
    const { enqueue, time } = opened;
    const now = time.clock();
    await expect(enqueue('x', { deadline: now })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(enqueue('x', { delayMs: 50, deadline: now + 50 })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a changed task', () => {
  it('takes its new place, and its new time', async () => {
    await using opened = openApplication({ pool: { max: 1 } });
    const { app, start, enqueue, runtime, time } = opened;
    start();
    await enqueue('first');
    const first = await runtime.nextTurn();
    await enqueue('second');
    const third = await enqueue('third', { delayMs: 60_000 });
    await app.changeTask({ taskId: third.id, priority: 1, delayMs: 1_000 });
    time.advance(1_000);
    await opened.until(third.id, 'pending');
    first.complete();
    expect((await runtime.nextTurn()).prompt).toBe('third');
  });
});
