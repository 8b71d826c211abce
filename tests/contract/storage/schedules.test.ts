import { describe, expect, it } from 'vitest';
import type { ActiveSchedule, PausedSchedule } from '../../../src/domain/schedule/schedule.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { STORAGES } from '../../support/storage.js';
import { NOW, taskId } from '../../support/storage-samples.js';

function schedule(n: number, changes: Partial<ActiveSchedule> = {}): ActiveSchedule {
  return {
    id: encodeId('schedule', n),
    name: `schedule-${String(n)}`,
    spec: { cron: '30 2 * * *', timeZone: 'Europe/Berlin' },
    task: { prompt: 'npm audit', workspace: '/work', agent: 'shell', priority: 3 },
    missed: 'once',
    createdAt: NOW,
    handledUntil: NOW,
    lastAt: null,
    lastTaskId: null,
    lastError: null,
    status: 'active',
    nextAt: NOW + n,
    ...changes,
  };
}

describe.each(STORAGES)('schedules in $name', ({ open }) => {
  it('are kept as they were saved, found by id and name, and listed newest first', async () => {
    await using storage = await open();
    const first = schedule(1);
    const second = schedule(2, { spec: { everyMs: 60_000 }, missed: 'all' });
    const third: PausedSchedule = { ...schedule(3), status: 'paused', nextAt: null };
    await storage.transaction(async ({ schedules }) => {
      for (const one of [first, second, third]) await schedules.insert(one);
      expect(await schedules.find(second.id)).toEqual(second);
      expect(await schedules.count()).toBe(3);
    });
    const changed: ActiveSchedule = {
      ...first,
      nextAt: NOW + 9,
      handledUntil: NOW + 8,
      lastAt: NOW + 8,
      lastTaskId: taskId(7),
      lastError: { at: NOW + 8, code: 'invalid_input', message: 'The directory is gone.' },
    };
    await storage.transaction(({ schedules }) => schedules.save(changed));
    await storage.read(async ({ schedules }) => {
      expect(await schedules.findByName('schedule-1')).toEqual(changed);
      expect(await schedules.findByName('schedule-9')).toBeUndefined();
      expect(await schedules.list({ limit: 2 })).toEqual([third, second]);
      expect(await schedules.list({ limit: 2, before: second.id })).toEqual([changed]);
    });
    await storage.transaction(({ schedules }) => schedules.remove(first.id));
    expect(await storage.read(({ schedules }) => schedules.find(first.id))).toBeUndefined();
  });

  it('are due when their next time has come, the longest due first', async () => {
    await using storage = await open();
    expect(await storage.read(({ schedules }) => schedules.nextAt())).toBeNull();
    await storage.transaction(async ({ schedules }) => {
      for (const n of [3, 1, 2]) await schedules.insert(schedule(n));
      await schedules.insert({ ...schedule(4), status: 'paused', nextAt: null });
      await schedules.insert(schedule(5, { nextAt: null }));
    });
    await storage.read(async ({ schedules }) => {
      expect(await schedules.nextAt()).toBe(NOW + 1);
      expect(await schedules.due(NOW, 10)).toEqual([]);
      expect((await schedules.due(NOW + 2, 10)).map(({ name }) => name)).toEqual(['schedule-1', 'schedule-2']);
      expect((await schedules.due(NOW + 9, 1)).map(({ name }) => name)).toEqual(['schedule-1']);
    });
  });

  it('have names of their own, and are not saved when they are gone', async () => {
    await using storage = await open();
    await storage.transaction(({ schedules }) => schedules.insert(schedule(1)));
    const same = storage.transaction(({ schedules }) => schedules.insert(schedule(2, { name: 'schedule-1' })));
    await expect(same).rejects.toThrow('There is a schedule schedule-1 already.');
    const gone = storage.transaction(({ schedules }) => schedules.save(schedule(3)));
    await expect(gone).rejects.toMatchObject({ code: 'not_found' });
  });
});
