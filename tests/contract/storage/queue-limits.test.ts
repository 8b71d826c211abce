import { describe, expect, it } from 'vitest';
import { type QueueLimit, unlimited } from '../../../src/domain/queue-limit/queue-limit.js';
import { fail, interrupt, makeDue, park, retry } from '../../../src/domain/task/task-transitions.js';
import { STORAGES } from '../../support/storage.js';
import {
  addWorkspaces,
  claimed,
  insertAll,
  NOW,
  pendingTask,
  taskId,
  WORKSPACE,
  waitingTask,
} from '../../support/storage-samples.js';

const DEPLOY = { kind: 'group', name: 'deploy' } as const;
const RATE = { count: 2, periodMs: 60_000 };
const LIMIT: QueueLimit = { ...unlimited(DEPLOY), rate: RATE };
const POLICY = { server: { backoff: { kind: 'exponential', baseMs: 1_000, maxMs: 60_000 } }, random: 0.5 } as const;
const PARKED = { error: { code: 'parked', message: 'Asks.' }, until: null } as const;
const BOOM = { code: 'failed', message: 'Boom.' } as const;

describe.each(STORAGES)('the limits of the queue in $name', ({ open }) => {
  it('are kept as they were saved, and the queue knows of them', async () => {
    await using storage = await open();
    const isRuled = async () => (await storage.read(({ queue }) => queue.get())).ruled;
    expect(await isRuled()).toBe(false);
    const shell: QueueLimit = { ...unlimited({ kind: 'agent', name: 'shell' }), max: 3, paused: true };
    const place: QueueLimit = { ...unlimited({ kind: 'workspace', name: WORKSPACE }), max: 1 };
    await storage.transaction(async ({ queueLimits, queue }) => {
      await queueLimits.save(place);
      await queueLimits.save({ ...unlimited(DEPLOY), max: 9 });
      await queueLimits.save({ ...LIMIT, exclusive: true });
      await queueLimits.save(shell);
      expect((await queue.get()).ruled).toBe(true);
      expect(await queueLimits.find({ kind: 'agent', name: 'deploy' })).toBeUndefined();
    });
    const none = { newestStart: null, oldestStart: null };
    expect(await storage.read(({ queueLimits }) => queueLimits.all())).toEqual([
      { ...shell, ...none },
      { ...LIMIT, exclusive: true, ...none },
      { ...place, ...none },
    ]);
    expect(await storage.read(({ queueLimits }) => queueLimits.find(place))).toEqual(place);
    await storage.transaction(async ({ queueLimits }) => {
      for (const part of [place, DEPLOY, shell]) await queueLimits.remove(part);
    });
    expect(await storage.read(({ queueLimits }) => queueLimits.all())).toEqual([]);
    expect(await isRuled()).toBe(false);
  });

  it('count the newest starts of a rate, as many as it allows', async () => {
    await using storage = await open();
    const note = (at: number, rate = RATE) =>
      storage.transaction(({ queueLimits }) => queueLimits.noteStart(DEPLOY, rate, at));
    const counted = async () => {
      const [limit] = await storage.read(({ queueLimits }) => queueLimits.all());
      return [limit?.oldestStart, limit?.newestStart];
    };
    await storage.transaction(({ queueLimits }) => queueLimits.save(LIMIT));
    expect(await note(NOW)).toBeNull();
    expect(await counted()).toEqual([null, NOW]);
    expect(await note(NOW + 1)).toBe(NOW);
    expect(await note(NOW + 5)).toBe(NOW + 1);
    expect(await counted()).toEqual([NOW + 1, NOW + 5]);
    expect(await storage.read(({ queueLimits }) => queueLimits.startsAfter(DEPLOY, NOW + 1))).toBe(1);

    // A rate that allows more knows of no more than it has counted; one that allows fewer looks at fewer.
    const wide = { count: 4, periodMs: 60_000 };
    await storage.transaction(({ queueLimits }) => queueLimits.save({ ...LIMIT, rate: wide }));
    expect(await counted()).toEqual([null, NOW + 5]);
    expect(await note(NOW + 6, wide)).toBeNull();
    expect(await note(NOW + 7, wide)).toBe(NOW + 1);
    const narrow = { count: 1, periodMs: 60_000 };
    await storage.transaction(({ queueLimits }) => queueLimits.save({ ...LIMIT, rate: narrow }));
    expect(await counted()).toEqual([NOW + 7, NOW + 7]);

    await storage.transaction(({ queueLimits }) => queueLimits.save({ ...LIMIT, rate: null, max: 1 }));
    await storage.transaction(({ queueLimits }) => queueLimits.save(LIMIT));
    expect(await counted()).toEqual([null, null]);
    await expect(
      storage.transaction(({ queueLimits }) => queueLimits.noteStart({ kind: 'agent', name: 'x' }, RATE, NOW)),
    ).rejects.toThrow('There is no limit for the agent x.');
  });

  it('take starts that lie ahead as having been now', async () => {
    await using storage = await open();
    await storage.transaction(async ({ queueLimits }) => {
      await queueLimits.save({ ...LIMIT, rate: { count: 3, periodMs: 10 } });
      for (const at of [NOW, NOW + 100, NOW + 200]) {
        await queueLimits.noteStart(DEPLOY, { count: 3, periodMs: 10 }, at);
      }
      await queueLimits.pullBackStarts(DEPLOY, NOW + 50);
      await queueLimits.pullBackStarts({ kind: 'agent', name: 'shell' }, NOW);
      expect(await queueLimits.all()).toMatchObject([{ oldestStart: NOW, newestStart: NOW + 50 }]);
      expect(await queueLimits.startsAfter(DEPLOY, NOW + 49)).toBe(2);
    });
  });

  it('know which task holds an exclusive group, and whether it may go on', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const [first, second] = [pendingTask(1, { group: 'deploy' }), pendingTask(2, { group: 'deploy', priority: 5 })];
    const other = pendingTask(3, { group: 'other' });
    await insertAll(storage, [first, second, other, waitingTask(4, { group: 'deploy', after: [taskId(1)] }, 1)]);
    const holders = () => storage.read(({ queueLimits }) => queueLimits.holders());
    const save = (
      ...states: Parameters<Parameters<Parameters<typeof storage.transaction>[0]>[0]['tasks']['save']>[0][]
    ) =>
      storage.transaction(async ({ tasks }) => {
        for (const state of states) await tasks.save(state);
      });
    await storage.transaction(async ({ queueLimits }) => {
      await queueLimits.save({ ...LIMIT, exclusive: true });
      await queueLimits.save(unlimited({ kind: 'group', name: 'other' }));
    });
    expect(await holders()).toEqual([]);
    const running = claimed(first);
    await save(running, claimed(other));
    expect(await holders()).toEqual([{ group: 'deploy', taskId: first.id, mayGoOn: false }]);
    const waits = park(running, 1, PARKED, NOW + 2).state;
    await save(waits);
    expect(await holders()).toEqual([{ group: 'deploy', taskId: first.id, mayGoOn: false }]);
    const due = makeDue(waits, NOW + 3).state;
    await save(due);
    expect(await holders()).toEqual([{ group: 'deploy', taskId: first.id, mayGoOn: true }]);

    // Of two that have begun, a waiting one is no reason to let the other go, and then the first in queue order goes.
    await save(claimed(second));
    expect(await holders()).toEqual([{ group: 'deploy', taskId: second.id, mayGoOn: false }]);
    await save(interrupt(claimed(second), 1, 'Why not.', NOW + 4).state);
    expect(await holders()).toEqual([{ group: 'deploy', taskId: second.id, mayGoOn: true }]);

    const ended = fail(claimed(due), 2, { ...BOOM, code: 'usage' }, POLICY, NOW + 5).state;
    const gone = fail(claimed(second), 1, { ...BOOM, code: 'usage' }, POLICY, NOW + 5).state;
    await save(claimed(due), ended, claimed(second), gone);
    expect(await holders()).toEqual([]);
    // One that is put back and waits for others has nothing to go on with.
    await save(retry(ended, 1, NOW + 6).state);
    expect(await holders()).toEqual([]);
    expect(await storage.read(({ tasks }) => tasks.running())).toEqual([
      { agent: 'shell', workspaceId: WORKSPACE, group: 'other' },
    ]);
  });
});
