import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, Fact } from '../../../src/domain/event/event.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import { appendFacts, fact, NOW, WORKSPACE } from '../../support/storage-samples.js';

function numbered(...numbers: number[]): Event[] {
  return numbers.map((n) => ({ position: n, ...fact(n) }));
}

/** Says whether a promise has settled after all that was already under way has had its turn. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await setImmediate();
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(pending)])) === pending;
}

const fail = ({ transaction }: OpenedStorage, n: number) =>
  transaction(async ({ events }) => {
    await events.append([fact(n)]);
    throw new Error('Boom.');
  }).catch(() => undefined);

describe.each(STORAGES)('the event log in $name', ({ open }) => {
  it('gives events back as they were appended, numbered in order', async () => {
    await using storage = await open();
    const facts: Fact[] = [
      { type: 'server.started', at: NOW, data: { instanceId: 'a', version: '1.0.0' } },
      {
        type: 'observation.created',
        at: NOW + 1,
        taskId: 'task_00000000001',
        sessionId: 'session_00000000002',
        agentId: 'agent_00000000003',
        observationId: 'obs_00000000004',
        workspaceId: WORKSPACE,
        data: { nested: { list: [1, 'two', null, true], text: 'ü🙂"\n' } },
      },
      { type: 'queue.paused', at: 0, data: {} },
    ];
    await storage.transaction(({ events }) => events.append(facts));
    const expected = facts.map((appended, index) => ({ position: index + 1, ...appended }));
    expect(await storage.eventLog.after(0, 10)).toEqual(expected);
    expect(await storage.eventLog.before(10, 10)).toEqual([...expected].reverse());
  });

  it('is read from any position, in either direction, up to a limit', async () => {
    await using storage = await open();
    const { eventLog } = storage;
    await appendFacts(storage, 1, 2, 3);
    await appendFacts(storage, 4);
    await appendFacts(storage, 5, 6);
    const all = numbered(1, 2, 3, 4, 5, 6);
    const position = fc.integer({ min: 0, max: 9 });
    await fc.assert(
      fc.asyncProperty(position, fc.integer({ min: 1, max: 8 }), async (from, limit) => {
        const later = all.filter((event) => event.position > from);
        const earlier = all.filter((event) => event.position < from).reverse();
        expect(await eventLog.after(from, limit)).toEqual(later.slice(0, limit));
        expect(await eventLog.before(from, limit)).toEqual(earlier.slice(0, limit));
      }),
    );
    expect(await eventLog.before(Number.MAX_SAFE_INTEGER, 2)).toEqual(numbered(6, 5));
  });

  it('says which positions it holds', async () => {
    await using storage = await open();
    expect(await storage.eventLog.bounds()).toEqual({ start: 0, end: 0 });
    await appendFacts(storage, 1, 2, 3);
    expect(await storage.eventLog.bounds()).toEqual({ start: 0, end: 3 });
  });

  it('is pruned from its oldest events on, in steps, and never gives a position twice', async () => {
    await using storage = await open();
    const { eventLog, transaction } = storage;
    await appendFacts(storage, 1, 2, 3, 4, 5, 6);
    const prune = (before: number, limit: number) =>
      transaction(({ events }) => events.prune(NOW + before, NOW + 100, limit));
    expect(await prune(1, 10)).toBe(0);
    expect(await prune(5, 3)).toBe(3);
    expect(await eventLog.bounds()).toEqual({ start: 3, end: 6 });
    await expect(
      transaction(async ({ events }) => {
        await events.prune(NOW + 100, NOW + 100, 10);
        throw new Error('Boom.');
      }),
    ).rejects.toThrow('Boom.');
    expect(await prune(5, 3)).toBe(1);
    expect(await eventLog.after(0, 10)).toEqual(numbered(5, 6));
    expect(await eventLog.after(5, 10)).toEqual(numbered(6));
    expect(await eventLog.before(6, 10)).toEqual(numbered(5));
    expect(await prune(100, 10)).toBe(2);
    expect(await eventLog.bounds()).toEqual({ start: 6, end: 6 });
    expect(await eventLog.after(0, 10)).toEqual([]);
    await appendFacts(storage, 7);
    expect(await eventLog.after(6, 10)).toEqual(numbered(7));
    expect(await eventLog.bounds()).toEqual({ start: 6, end: 7 });
  });

  it('keeps a young event, and what comes after it, but not for one that a wrong clock has dated', async () => {
    await using storage = await open();
    await appendFacts(storage, 1, 900, 2, 50, 3);
    const prune = () => storage.transaction(({ events }) => events.prune(NOW + 10, NOW + 100, 10));
    expect(await prune()).toBe(3);
    expect(await prune()).toBe(0);
    expect((await storage.eventLog.after(0, 10)).map(({ position }) => position)).toEqual([4, 5]);
  });

  it('keeps nothing of a transaction that failed, and no gap where it was', async () => {
    await using storage = await open();
    await Promise.all([appendFacts(storage, 1), fail(storage, 99), appendFacts(storage, 2)]);
    await fail(storage, 99);
    expect(await storage.eventLog.after(0, 10)).toEqual(numbered(1, 2));
    expect(await storage.eventLog.bounds()).toEqual({ start: 0, end: 2 });
  });

  it('shows nothing that is not committed', async () => {
    await using storage = await open();
    await storage.transaction(async ({ events }) => {
      await events.append([fact(1)]);
      expect(await storage.eventLog.after(0, 10)).toEqual([]);
      expect(await storage.eventLog.bounds()).toEqual({ start: 0, end: 0 });
    });
    expect(await storage.eventLog.after(0, 10)).toEqual(numbered(1));
  });

  describe('rings', () => {
    it('at the next commit with an event, for everybody who waits', async () => {
      await using storage = await open();
      const waiting = [1, 2, 3].map(() => storage.eventLog.nextCommit(new AbortController().signal));
      await appendFacts(storage, 1);
      await expect(Promise.all(waiting)).resolves.toHaveLength(3);
      const again = storage.eventLog.nextCommit(new AbortController().signal);
      expect(await isPending(again)).toBe(true);
    });

    it('neither for a commit without events nor for a transaction that failed', async () => {
      await using storage = await open();
      const bell = storage.eventLog.nextCommit(new AbortController().signal);
      await storage.transaction(({ queue }) => queue.save({ paused: true }));
      await storage.transaction(({ events }) => events.append([]));
      await fail(storage, 1);
      expect(await isPending(bell)).toBe(true);
      await appendFacts(storage, 1);
      await expect(bell).resolves.toBeUndefined();
    });

    it('when the event can be read', async () => {
      await using storage = await open();
      const read = storage.eventLog.nextCommit(new AbortController().signal).then(() => storage.eventLog.after(0, 10));
      await appendFacts(storage, 1);
      expect(await read).toEqual(numbered(1));
    });

    it('no more for one that is aborted, which gets the reason', async () => {
      await using storage = await open();
      const reason = new Error('Enough.');
      const stop = new AbortController();
      const bell = storage.eventLog.nextCommit(stop.signal);
      stop.abort(reason);
      await expect(bell).rejects.toBe(reason);
      await expect(storage.eventLog.nextCommit(stop.signal)).rejects.toBe(reason);
      await appendFacts(storage, 1);
    });

    it('without leaving listeners on a signal, however often it was asked for', async () => {
      await using storage = await open();
      const { signal } = new AbortController();
      for (let n = 1; n <= 20; n += 1) {
        const bells = [1, 2, 3].map(() => storage.eventLog.nextCommit(signal));
        await appendFacts(storage, n);
        await Promise.all(bells);
      }
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    });

    it('and breaks when the storage is closed', async () => {
      await using storage = await open();
      const bell = storage.eventLog.nextCommit(new AbortController().signal);
      await storage.close();
      await expect(bell).rejects.toMatchObject({ code: 'unavailable' });
    });
  });

  describe('calls listeners', () => {
    it('for each fact while it is appended', async () => {
      await using storage = await open();
      const heard: Fact[] = [];
      storage.eventLog.onAppend((appended) => heard.push(appended));
      await storage.transaction(async ({ events }) => {
        await events.append([fact(1), fact(2)]);
        expect(heard).toEqual([fact(1), fact(2)]);
      });
    });

    it('also for what will be undone', async () => {
      await using storage = await open();
      const heard: Fact[] = [];
      storage.eventLog.onAppend((appended) => heard.push(appended));
      await fail(storage, 1);
      expect(heard).toEqual([fact(1)]);
    });

    it('after each commit, with what it kept and where that stands', async () => {
      await using storage = await open();
      const heard: (readonly Event[])[] = [];
      const off = storage.eventLog.onCommit((events) => heard.push([...events]));
      await fail(storage, 1);
      expect(heard).toEqual([]);
      await storage.transaction(({ events }) => events.append([fact(2), fact(3)]));
      expect(heard).toEqual([await storage.eventLog.after(0, 10)]);
      off();
      await appendFacts(storage, 4);
      expect(heard).toHaveLength(1);
    });

    it('until they are taken off', async () => {
      await using storage = await open();
      const heard: string[] = [];
      const offFirst = storage.eventLog.onAppend(() => heard.push('first'));
      const offSecond = storage.eventLog.onAppend(() => heard.push('second'));
      await appendFacts(storage, 1);
      offFirst();
      await appendFacts(storage, 2);
      offSecond();
      await appendFacts(storage, 3);
      expect(heard).toEqual(['first', 'second', 'second']);
    });
  });
});
