import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../../src/application/ports/transaction.js';
import { createCancelTasks } from '../../../src/application/task/bulk/cancel-many.js';
import { createCountTasks } from '../../../src/application/task/bulk/count-tasks.js';
import { createDiscardTasks } from '../../../src/application/task/bulk/discard-many.js';
import { createRetryTasks } from '../../../src/application/task/bulk/retry-many.js';
import type { Task } from '../../../src/domain/task/task.js';
import { cancel, fail, failDependency } from '../../../src/domain/task/task-transitions.js';
import type { SqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { stopwatch } from '../../../src/infrastructure/system/stopwatch.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { openTemporaryStorage } from '../../support/storage.js';
import {
  addWorkspaces,
  claimed,
  insertAll,
  NOW,
  pendingTask,
  taskId,
  waitingTask,
} from '../../support/storage-samples.js';

const POLICY = { server: { backoff: { kind: 'fixed', delayMs: 0 } }, ruling: 'never', random: 0 } as const;
const BOOM = { code: 'failed', message: 'Boom.' } as const;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** The use cases over this storage; the newest task at their start is the one with this number. */
function useCases(
  { transaction, read }: Pick<SqliteStorage, 'transaction' | 'read'>,
  newest: number,
  closing = new AbortController().signal,
) {
  const removed: string[] = [];
  const needs = {
    transaction,
    read,
    clock: () => NOW + 10_000,
    newId: (() => taskId(newest)) as never,
    timer,
    stopwatch,
    closing,
    logger: SILENT,
    expired: {
      removeRuns: async (attempts: readonly string[]) => {
        removed.push(...attempts);
        return { removed: attempts, problem: null };
      },
    },
  };
  return {
    cancelTasks: createCancelTasks(needs),
    retryTasks: createRetryTasks(needs),
    discardTasks: createDiscardTasks(needs),
    countTasks: createCountTasks(needs),
    removed,
  };
}

async function failAll({ transaction }: SqliteStorage, ...numbers: number[]): Promise<void> {
  await transaction(async ({ tasks }) => {
    for (const n of numbers) {
      const running = claimed(pendingTask(n));
      await tasks.save(running);
      await tasks.openAttempt(running);
      await tasks.save(fail(running, 1, BOOM, POLICY, NOW + n).state);
      await tasks.closeAttempt(running.id, 1, { outcome: 'failed', finishedAt: NOW + n, exitCode: 1, error: BOOM });
    }
  });
}

const statuses = async (storage: SqliteStorage): Promise<Task['status'][]> =>
  (await storage.read(({ tasks }) => tasks.list({ limit: 100 }))).map(({ status }) => status).reverse();

describe('many tasks', () => {
  it('are cancelled in small steps, all that were there at the start and fit', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    const count = 600;
    await insertAll(
      storage,
      Array.from({ length: count }, (_, n) => pendingTask(n + 1, { group: n % 2 === 0 ? 'even' : null })),
    );
    let transactions = 0;
    const counting: Transaction = (work) => {
      transactions += 1;
      return storage.transaction(work);
    };
    const { cancelTasks, countTasks } = useCases({ read: storage.read, transaction: counting }, count - 100);
    const filter = { group: 'even' };
    expect(await countTasks({ filter })).toEqual({ count: 250 });
    expect(await cancelTasks({ filter })).toEqual({ count: 250, refused: 0, reason: null });
    expect(await storage.read(({ tasks }) => tasks.counts())).toMatchObject({ cancelled: 250, pending: count - 250 });
    expect(transactions).toBeGreaterThan(1);
    expect(await countTasks({ filter: { ...filter, status: 'pending' } })).toEqual({ count: 0 });
    expect(await countTasks({ filter: { unfinished: true, olderThanMs: 9_999 } })).toEqual({ count: 250 });
    expect(await countTasks({ filter: { code: 'cancelled', olderThanMs: 1 } })).toEqual({ count: 0 });
  });

  it('that come after each other are all cancelled, and none of them fails', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    await insertAll(storage, [
      pendingTask(1),
      waitingTask(2, { after: [taskId(1)] }, 1),
      waitingTask(3, { after: [taskId(2)] }, 1),
    ]);
    expect(await useCases(storage, 9).cancelTasks({ filter: {}, reason: 'Enough.' })).toMatchObject({ count: 3 });
    const all = await storage.read(({ tasks }) => tasks.list({ limit: 10 }));
    expect(all.map(({ error }) => error)).toEqual(Array(3).fill({ code: 'cancelled', message: 'Enough.' }));
  });

  it('that failed with what they come after are retried so that they wait for it again', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    await insertAll(storage, [
      pendingTask(1),
      waitingTask(2, { after: [taskId(1)] }, 1),
      waitingTask(3, { after: [taskId(1), taskId(2)] }, 2),
      pendingTask(4),
    ]);
    await failAll(storage, 1);
    await storage.transaction(async ({ tasks }) => {
      for (const n of [2, 3]) await tasks.save(failDependency(await tasks.get(taskId(n)), taskId(1), NOW).state);
      await tasks.save(cancel(await tasks.get(taskId(4)), 'Never mind.', NOW).state);
    });
    expect(await useCases(storage, 9).retryTasks({ filter: { status: 'failed' } })).toEqual({
      ...{ count: 3, refused: 0, reason: null },
    });
    expect(await statuses(storage)).toEqual(['pending', 'blocked', 'blocked', 'cancelled']);
    expect(await storage.read(({ tasks }) => tasks.get(taskId(3)))).toMatchObject({ waitingFor: 2 });
  });

  it('that refuse are counted, say why, and do not stop the others', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    const unique = { unique: 'nightly', uniqueScope: 'unfinished' } as const;
    await insertAll(storage, [pendingTask(1, unique), pendingTask(2)]);
    await failAll(storage, 1, 2);
    await insertAll(storage, [pendingTask(3, unique)]);
    expect(await useCases(storage, 9).retryTasks({ filter: { status: 'failed' } })).toEqual({
      count: 1,
      refused: 1,
      reason: `Cannot retry ${taskId(1)}: ${taskId(3)} has its unique key and is pending.`,
    });
    expect(await statuses(storage)).toEqual(['failed', 'pending', 'pending']);
  });

  it('are discarded with what they left, but for those that one which stays could still need', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    await insertAll(storage, [
      pendingTask(1),
      pendingTask(2),
      waitingTask(3, { after: [taskId(2)], group: 'kept' }, 1),
    ]);
    await insertAll(storage, [pendingTask(4), waitingTask(5, { after: [taskId(4)] }, 1)]);
    await failAll(storage, 1, 2, 4);
    await storage.transaction(async ({ tasks }) => {
      const third = await tasks.get(taskId(3));
      await tasks.save(cancel(third, 'Kept.', NOW).state);
      await tasks.save(failDependency(await tasks.get(taskId(5)), taskId(4), NOW).state);
    });
    const { discardTasks, removed } = useCases(storage, 9);
    expect(await discardTasks({ filter: { status: 'failed' } })).toEqual({
      count: 3,
      refused: 1,
      reason: `Cannot discard ${taskId(2)}: a task that comes after it has not completed. Discard that one first.`,
    });
    expect(await statuses(storage)).toEqual(['failed', 'cancelled']);
    expect(removed).toEqual([`${taskId(4)}-1`, `${taskId(1)}-1`]);
    const told = await storage.eventLog.after(0, 100);
    expect(told.filter(({ type }) => type === 'task.discarded').map((event) => event.taskId)).toEqual(
      [5, 4, 1].map(taskId),
    );
  });

  it('are left when the server begins to close', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    await insertAll(storage, [pendingTask(1)]);
    await expect(useCases(storage, 9, AbortSignal.abort()).cancelTasks({ filter: {} })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The server is stopping; 0 tasks were changed by then.',
    });
    expect(await statuses(storage)).toEqual(['pending']);
  });
});
