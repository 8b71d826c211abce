import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../src/domain/shared/domain-error.js';
import { NONE_PASSED_OVER } from '../../../src/domain/task/task-repository.js';
import { STORAGES } from '../../support/storage.js';
import { addWorkspaces, claimed, fact, insertAll, NOW, pendingTask, taskId } from '../../support/storage-samples.js';

const REFUSED = /^The transaction was refused: it awaited something else than its stores/;

describe.each(STORAGES)('a transaction in $name', ({ open }) => {
  it('writes everything and answers with the value of its work', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const answer = await storage.transaction(async ({ tasks, events, queue }) => {
      await tasks.insert(pendingTask(1));
      await events.append([fact(1)]);
      await queue.save({ paused: true });
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await storage.read(({ tasks }) => tasks.find(taskId(1)))).toBeDefined();
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: true });
    expect(await storage.eventLog.after(0, 10)).toHaveLength(1);
  });

  it('writes nothing when it throws, wherever it was', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const boom = new DomainError('forbidden', 'Boom.');
    const failing = storage.transaction(async ({ tasks, events, queue, agents, sessions, workspaces }) => {
      await tasks.insert(pendingTask(1));
      await tasks.save(claimed(pendingTask(1)));
      await tasks.openAttempt(claimed(pendingTask(1)));
      await events.append([fact(1)]);
      await queue.save({ paused: true });
      expect([await agents.list({ limit: 1 }), await sessions.list({ limit: 1 })]).toEqual([[], []]);
      expect(await workspaces.list({ limit: 5 })).toHaveLength(2);
      throw boom;
    });
    await expect(failing).rejects.toBe(boom);
    expect(await storage.read(({ tasks }) => tasks.find(taskId(1)))).toBeUndefined();
    expect(await storage.read(({ tasks }) => tasks.attempts(taskId(1)))).toEqual([]);
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: false });
    expect(await storage.eventLog.after(0, 10)).toEqual([]);
    expect(await storage.transaction(({ queue }) => queue.get())).toMatchObject({ paused: false });
  });

  it('writes nothing when its work throws before it returns a promise', async () => {
    await using storage = await open();
    const failing = storage.transaction(({ queue }) => {
      void queue.save({ paused: true });
      throw new Error('At once.');
    });
    await expect(failing).rejects.toThrow('At once.');
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: false });
  });

  it('that fails among others takes nothing of theirs along', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        storage.transaction(async ({ tasks, events }) => {
          await tasks.insert(pendingTask(n + 1));
          await events.append([fact(n + 1)]);
          if (n % 3 === 0) throw new Error('Boom.');
          return n;
        }),
      ),
    );
    const succeeded = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value + 1] : []));
    expect(succeeded).toHaveLength(13);
    const listed = await storage.read(({ tasks }) => tasks.list({ limit: 100 }));
    expect(listed.map(({ id }) => id).reverse()).toEqual(succeeded.map(taskId));
    expect((await storage.eventLog.after(0, 100)).map((event) => event.taskId)).toEqual(succeeded.map(taskId));
    expect((await storage.read(({ tasks }) => tasks.counts())).pending).toBe(13);
  });

  it('goes on after a refusal that its work has caught', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await insertAll(storage, [pendingTask(1)]);
    await storage.transaction(async ({ tasks }) => {
      await tasks.insert(pendingTask(2));
      await expect(tasks.insert(pendingTask(1))).rejects.toThrow();
      await tasks.insert(pendingTask(3));
    });
    const listed = await storage.read(({ tasks }) => tasks.list({ limit: 100 }));
    expect(listed.map(({ id }) => id)).toEqual([3, 2, 1].map(taskId));
    expect((await storage.read(({ tasks }) => tasks.counts())).pending).toBe(3);
  });

  it('runs after those that were asked for before it, and sees what they wrote', async () => {
    await using storage = await open();
    const seen: boolean[] = [];
    const toggle = () =>
      storage.transaction(async ({ queue }) => {
        const { paused } = await queue.get();
        seen.push(paused);
        await queue.save({ paused: !paused });
      });
    await Promise.all([toggle(), toggle(), toggle()]);
    expect(seen).toEqual([false, true, false]);
  });

  it('is not seen by readers before it is committed', async () => {
    await using storage = await open();
    const during = await storage.transaction(async ({ queue }) => {
      await queue.save({ paused: true });
      return storage.read((stores) => stores.queue.get());
    });
    expect(during).toMatchObject({ paused: false });
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: true });
  });

  it.each([
    ['a timer', () => setTimeout(1)],
    ['the next turn of the event loop', () => setImmediate()],
    ['a tick', () => new Promise<void>((resolve) => process.nextTick(resolve))],
    ['nothing that ever comes', () => new Promise<void>(() => undefined)],
  ])('that awaits %s is refused, and the others are not', async (_, elsewhere) => {
    await using storage = await open();
    await addWorkspaces(storage);
    const insert = (n: number) => storage.transaction(({ tasks }) => tasks.insert(pendingTask(n)));
    const outcomes = await Promise.allSettled([
      insert(1),
      storage.transaction(async ({ tasks, events }) => {
        await tasks.insert(pendingTask(2));
        await events.append([fact(2)]);
        await elsewhere();
      }),
      insert(3),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringMatching(REFUSED) as string } });
    const listed = await storage.read(({ tasks }) => tasks.list({ limit: 100 }));
    expect(listed.map(({ id }) => id)).toEqual([3, 1].map(taskId));
    expect(await storage.eventLog.after(0, 10)).toEqual([]);
  });

  it('that was refused can write no more, also while another one runs', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    let late: Promise<unknown> = Promise.resolve();
    const refused = storage.transaction(async (stores) => {
      await setImmediate();
      late = Promise.allSettled([
        stores.tasks.insert(pendingTask(1)),
        stores.tasks.find(taskId(1)),
        stores.events.append([fact(1)]),
        stores.queue.save({ paused: true }),
        stores.agents.list({ limit: 1 }),
        stores.sessions.open(),
        stores.workspaces.list({ limit: 1 }),
      ]);
    });
    await expect(refused).rejects.toThrow(REFUSED);
    await setImmediate();
    const outcomes = (await late) as PromiseSettledResult<unknown>[];
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 'rejected'));
    await storage.transaction(({ queue }) => queue.get());
    expect(await storage.read(({ tasks }) => tasks.find(taskId(1)))).toBeUndefined();
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: false });
  });

  it('can write no more once it has been answered', async () => {
    await using storage = await open();
    const stores = await storage.transaction(async (own) => own);
    await expect(stores.queue.save({ paused: true })).rejects.toThrow('The transaction can read and write no more');
    await expect(stores.queue.get()).rejects.toThrow('The transaction can read and write no more');
  });

  it('within a transaction is no deadlock: the outer one is refused', async () => {
    await using storage = await open();
    let inner: Promise<string> | undefined;
    const outer = storage.transaction(async ({ queue }) => {
      await queue.save({ paused: true });
      inner = storage.transaction(async () => 'inner');
      return inner;
    });
    await expect(outer).rejects.toThrow(REFUSED);
    expect(await inner).toBe('inner');
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: false });
  });

  it('that a listener asks for while another one runs comes after it and sees its state', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    let follower: Promise<unknown> | undefined;
    storage.eventLog.onAppend(() => {
      follower ??= storage.transaction(({ tasks }) => tasks.ready(1, NONE_PASSED_OVER));
    });
    await storage.transaction(async ({ tasks, events }) => {
      await events.append([fact(1)]);
      await tasks.insert(pendingTask(1));
    });
    expect(await follower).toEqual([pendingTask(1)]);
  });

  it('that was asked for before the end is finished; one that is asked for later is refused', async () => {
    await using storage = await open();
    const before = storage.transaction(async ({ queue }) => {
      await queue.save({ paused: true });
      return queue.get();
    });
    const closing = storage.close();
    const after = storage.transaction(({ queue }) => queue.get());
    await expect(after).rejects.toMatchObject({ code: 'unavailable' });
    expect(await before).toMatchObject({ paused: true });
    await closing;
    await storage.close();
  });

  it('may be one of thousands at once', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const count = 2_000;
    const ids = Array.from({ length: count }, (_, n) => n + 1);
    await Promise.all(ids.map((n) => insertAll(storage, [pendingTask(n, { runAt: NOW - n })])));
    expect((await storage.read(({ tasks }) => tasks.counts())).pending).toBe(count);
    expect((await storage.transaction(({ tasks }) => tasks.ready(1, NONE_PASSED_OVER)))[0]?.id).toBe(taskId(count));
  });
});
