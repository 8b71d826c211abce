import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NONE_PASSED_OVER } from '../../../src/domain/task/task-repository.js';
import { MAX_GROUP, MAX_WAITING } from '../../../src/infrastructure/sqlite/group-commit.js';
import { openTemporaryStorage } from '../../support/storage.js';
import { addWorkspaces, claimed, fact, pendingTask, taskId } from '../../support/storage-samples.js';

// A group takes in no more once it is 10 ms old, which on a busy machine it may be after its first transaction.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a group of transactions', () => {
  it('takes in what a listener asks for while it runs: the claim is committed with what made the task ready', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    const order: string[] = [];
    let claim: Promise<unknown> | undefined;
    storage.eventLog.onAppend(() => {
      claim ??= storage.transaction(async ({ tasks }) => {
        order.push('claim runs');
        const [ready] = await tasks.ready(1, NONE_PASSED_OVER);
        if (ready !== undefined) await tasks.save(claimed(ready));
        // Readers see nothing yet: what made the task ready is not committed before its claim.
        expect(await storage.read((stores) => stores.tasks.find(taskId(1)))).toBeUndefined();
      });
    });
    await storage.transaction(async ({ tasks, events }) => {
      await tasks.insert(pendingTask(1));
      await events.append([fact(1)]);
    });
    order.push('enqueue is answered');
    expect(order).toEqual(['claim runs', 'enqueue is answered']);
    expect((await storage.read(({ tasks }) => tasks.get(taskId(1)))).status).toBe('processing');
    await claim;
  });

  it('answers nobody before all of it is committed', async () => {
    await using storage = await openTemporaryStorage();
    const order: string[] = [];
    const one = (n: number) =>
      storage
        .transaction(async ({ queue }) => {
          order.push(`work ${String(n)}`);
          await queue.save({ paused: true });
        })
        .then(() => order.push(`answer ${String(n)}`));
    await Promise.all([one(1), one(2)]);
    expect(order).toEqual(['work 1', 'work 2', 'answer 1', 'answer 2']);
  });

  it('is bounded, so that transactions that follow each other for ever do not keep the first one waiting', async () => {
    await using storage = await openTemporaryStorage();
    let answered = false;
    let runs = 0;
    const followers: Promise<unknown>[] = [];
    const follow = (): Promise<void> =>
      storage.transaction(async () => {
        runs += 1;
        if (!answered) followers.push(follow());
      });
    await follow();
    answered = true;
    expect(runs).toBeLessThanOrEqual(MAX_GROUP);
    expect(runs).toBeGreaterThan(1);
    for (const follower of followers) await follower;
  });

  it('is waited for by a bounded number of transactions', async () => {
    await using storage = await openTemporaryStorage();
    const ask = () => storage.transaction(async () => 'done');
    const waiting = Array.from({ length: MAX_WAITING }, ask);
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['done']));
    expect(await ask()).toBe('done');
  });

  it('goes on with the others when its first transaction fails after writing', async () => {
    await using storage = await openTemporaryStorage();
    const first = storage.transaction(async ({ queue, events }) => {
      await queue.save({ paused: true });
      await events.append([fact(1)]);
      throw new Error('Boom.');
    });
    const second = storage.transaction(async ({ queue, events }) => {
      await events.append([fact(2)]);
      return queue.get();
    });
    await expect(first).rejects.toThrow('Boom.');
    expect(await second).toMatchObject({ paused: false });
    expect(await storage.eventLog.after(0, 10)).toEqual([{ position: 1, ...fact(2) }]);
  });
});
