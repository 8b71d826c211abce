import { describe, expect, it } from 'vitest';
import type { LimitGate } from '../../../src/domain/limit/limit-gate.js';
import { beginProbe } from '../../../src/domain/limit/limit-gate-transitions.js';
import { NONE_PASSED_OVER } from '../../../src/domain/task/task-repository.js';
import { park, reroute } from '../../../src/domain/task/task-transitions.js';
import { STORAGES } from '../../support/storage.js';
import {
  addWorkspaces,
  claimed,
  insertAll,
  NOW,
  OTHER_WORKSPACE,
  pendingTask,
  taskId,
  waitingTask,
} from '../../support/storage-samples.js';

const GATE: LimitGate = {
  account: 'claude',
  kind: 'usage',
  reason: 'Five hours are used up.',
  since: NOW,
  closedAt: NOW + 1,
  closedUntil: NOW + 60_000,
  strikes: 2,
  probe: null,
};

describe.each(STORAGES)('the gates of accounts in $name', ({ open }) => {
  it('are kept as they were saved, and the queue knows of them', async () => {
    await using storage = await open();
    const queue = () => storage.read((stores) => stores.queue.get());
    expect(await queue()).toEqual({ paused: false, limited: false, ruled: false });
    const codex: LimitGate = { ...GATE, account: 'codex', kind: 'rate' };
    const probed = beginProbe(GATE, claimed(pendingTask(1)));
    await storage.transaction(async ({ limits, queue: inside }) => {
      await limits.save(codex);
      await limits.save(GATE);
      await limits.save(probed);
      expect(await limits.all()).toEqual([probed, codex]);
      expect(await limits.find('gemini')).toBeUndefined();
      expect(await inside.get()).toEqual({ paused: false, limited: true, ruled: false });
    });
    expect(await storage.read(({ limits }) => limits.find('claude'))).toEqual(probed);
    expect(await queue()).toEqual({ paused: false, limited: true, ruled: false });
    await storage.transaction(async ({ limits }) => {
      await limits.remove('claude');
      await limits.remove('codex');
    });
    expect(await storage.read(({ limits }) => limits.all())).toEqual([]);
    expect(await queue()).toEqual({ paused: false, limited: false, ruled: false });
  });

  it('are as they were after a transaction that failed', async () => {
    await using storage = await open();
    const failing = storage.transaction(async ({ limits }) => {
      await limits.save(GATE);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await storage.read(({ queue }) => queue.get())).toEqual({ paused: false, limited: false, ruled: false });
  });

  it('leave the tasks of closed agents out, but for those whose fallback is open, all in queue order', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await insertAll(storage, [
      pendingTask(1, { agent: 'claude', priority: 9 }),
      pendingTask(2, { agent: 'claude', fallback: 'codex' }),
      pendingTask(3, { agent: 'codex', priority: 5 }),
      pendingTask(4, { agent: 'gemini', workspaceId: OTHER_WORKSPACE }),
      pendingTask(5, { agent: 'claude', fallback: 'gemini', priority: 7, workspaceId: OTHER_WORKSPACE }),
    ]);
    const ready = (agents: string[], workspaces = [] as (typeof OTHER_WORKSPACE)[]) =>
      storage.transaction(async ({ tasks }) =>
        (await tasks.ready(10, { ...NONE_PASSED_OVER, workspaces, agents })).map(({ id }) => id),
      );
    expect(await ready([])).toEqual([1, 5, 3, 2, 4].map(taskId));
    expect(await ready(['claude'])).toEqual([5, 3, 2, 4].map(taskId));
    expect(await ready(['claude'], [OTHER_WORKSPACE])).toEqual([3, 2].map(taskId));
    expect(await ready(['claude', 'codex'])).toEqual([5, 4].map(taskId));
    expect(await ready(['claude', 'codex', 'gemini'])).toEqual([]);
  });

  it('let a task change places with its fallback', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const task = pendingTask(1, { agent: 'claude', fallback: 'codex' });
    await insertAll(storage, [task]);
    const { state } = reroute(task, 'codex', 'Used up.', NOW);
    await storage.transaction(({ tasks }) => tasks.save(state));
    const kept = await storage.read(({ tasks }) => tasks.get(task.id));
    expect(kept).toEqual(state);
    expect(kept).toMatchObject({ agent: 'codex', fallback: 'claude', error: { code: 'rate_limited' } });
    const closed = { ...NONE_PASSED_OVER, agents: ['claude'] };
    expect(await storage.transaction(({ tasks }) => tasks.ready(10, closed))).toEqual([state]);
  });

  it('have tasks that wait for them, and those are not others that are scheduled', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const task = pendingTask(1);
    await insertAll(storage, [task, waitingTask(2, { runAt: NOW + 1_000 })]);
    const error = { code: 'rate_limited', message: 'Used up.' } as const;
    const parked = park(claimed(task), 1, { error, until: NOW + 60_000 }, NOW + 5).state;
    await storage.transaction(async ({ tasks }) => {
      await tasks.save(claimed(task));
      await tasks.save(parked);
      expect(await tasks.limited(10)).toEqual([parked]);
    });
  });
});
