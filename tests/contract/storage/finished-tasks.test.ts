import { describe, expect, it } from 'vitest';
import { cancel, complete } from '../../../src/domain/task/task-transitions.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import {
  addWorkspaces,
  claimed,
  insertAll,
  NOW,
  pendingTask,
  RESULT,
  taskId,
  waitingTask,
} from '../../support/storage-samples.js';

async function opened(open: () => Promise<OpenedStorage>): Promise<OpenedStorage> {
  const storage = await open();
  await addWorkspaces(storage);
  return storage;
}

describe.each(STORAGES)('finished tasks in $name', ({ open }) => {
  it('are removed with all that is theirs once they finished long ago', async () => {
    await using storage = await opened(open);
    const { transaction, read } = storage;
    const long = { prompt: 'x'.repeat(5_000) };
    await insertAll(storage, [pendingTask(1, long), pendingTask(2), pendingTask(3), pendingTask(4)]);
    await transaction(async ({ tasks }) => {
      await tasks.noteRequest('request-1', taskId(1));
      for (const n of [1, 2]) {
        const running = claimed(pendingTask(n, n === 1 ? long : {}));
        await tasks.save(running);
        await tasks.openAttempt(running);
        const end = { outcome: 'completed', exitCode: 0, error: null, finishedAt: NOW + n } as const;
        await tasks.closeAttempt(running.id, 1, end);
        const result = { ...RESULT, text: 'y'.repeat(5_000) };
        await tasks.save(complete(running, 1, result, NOW + n).state);
      }
      await tasks.save(cancel(pendingTask(4), 'Never mind.', NOW + 1).state);
    });
    const remove = (n: number, before: number) =>
      transaction(({ tasks }) => tasks.removeFinished(taskId(n), NOW + before));
    expect([await remove(1, 1), await remove(3, 100), await remove(9, 100)]).toEqual([false, false, false]);
    expect([await remove(1, 2), await remove(2, 2), await remove(4, 2), await remove(1, 2)]).toEqual([
      ...[true, false, true, false],
    ]);
    expect(await read(({ tasks }) => tasks.find(taskId(1)))).toBeUndefined();
    expect(await read(({ tasks }) => tasks.attempts(taskId(1)))).toEqual([]);
    expect(await read(({ tasks }) => tasks.attempts(taskId(2)))).toHaveLength(1);
    expect(await transaction(({ tasks }) => tasks.findByRequest('request-1'))).toBeUndefined();
    expect(await read(({ tasks }) => tasks.counts())).toMatchObject({
      pending: 1,
      processing: 0,
      completed: 1,
      cancelled: 0,
    });
    await transaction(({ tasks }) => tasks.noteRequest('request-1', taskId(2)));
  });

  it('are discarded however young they are, once nothing that comes after them could still need them', async () => {
    await using storage = await opened(open);
    await insertAll(storage, [pendingTask(1), waitingTask(2, { after: [taskId(1)] }, 1), pendingTask(3)]);
    const discard = (n: number) => storage.transaction(({ tasks }) => tasks.discard(taskId(n)));
    const end = (n: number) =>
      storage.transaction(async ({ tasks }) => {
        await tasks.save(cancel(await tasks.get(taskId(n)), 'Never mind.', NOW).state);
      });
    await storage.transaction(async ({ tasks }) => {
      await tasks.noteRequest('request-1', taskId(1));
      const running = claimed(pendingTask(3));
      await tasks.save(running);
      await tasks.save(complete(running, 1, RESULT, NOW).state);
    });
    expect([await discard(1), await discard(3), await discard(9)]).toEqual([false, false, false]);
    await end(1);
    expect(await discard(1)).toBe(false);
    await end(2);
    expect([await discard(1), await discard(2), await discard(1)]).toEqual([false, true, true]);
    expect(await storage.read(({ tasks }) => tasks.find(taskId(1)))).toBeUndefined();
    expect(await storage.read(({ tasks }) => tasks.counts())).toMatchObject({ cancelled: 0, blocked: 0, completed: 1 });
    expect(await storage.transaction(({ tasks }) => tasks.findByRequest('request-1'))).toBeUndefined();
  });

  it('stay while one comes after them that has not completed and would not go as well', async () => {
    await using storage = await opened(open);
    const done = (n: number, at: number) => complete(claimed(pendingTask(n)), 1, RESULT, NOW + at).state;
    await insertAll(storage, [pendingTask(1), waitingTask(2, { after: [taskId(1)] }, 1)]);
    await storage.transaction(async ({ tasks }) => {
      await tasks.save(claimed(pendingTask(1)));
      await tasks.save(done(1, 1));
    });
    const remove = (n: number, before: number) =>
      storage.transaction(({ tasks }) => tasks.removeFinished(taskId(n), NOW + before));
    expect(await remove(1, 10)).toBe(false);
    await storage.transaction(async ({ tasks }) => {
      const task = await tasks.get(taskId(2));
      await tasks.save(cancel(task, 'Never mind.', NOW + 20).state);
    });
    expect([await remove(1, 10), await remove(1, 21), await remove(2, 21)]).toEqual([false, true, true]);
    expect(await storage.read(({ tasks }) => tasks.counts())).toMatchObject({ completed: 0, cancelled: 0 });
  });
});
