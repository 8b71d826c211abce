import { describe, expect, it } from 'vitest';
import { createFireSchedule } from '../../../src/application/schedule/fire-schedule.js';
import { watchSchedules } from '../../../src/application/schedule/watch-schedules.js';
import { DomainError } from '../../../src/domain/shared/domain-error.js';
import { type ApplicationOptions, openApplication } from '../../support/application.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The application with its schedules watched from `start()` on, and what they warned of. */
function open(options?: ApplicationOptions) {
  const opened = openApplication(options);
  const { app, needs, scope, time, read } = opened;
  const warnings: object[] = [];
  const logger = {
    ...needs.logger,
    warn: (message: string, details: object = {}) => warnings.push({ message, ...details }),
  };
  const add = (more: object = {}) =>
    app.addSchedule({ name: 'hourly', everyMs: HOUR, task: { prompt: 'true', workspace: '/work' }, ...more });
  const tasks = async () => (await app.listTasks({ limit: 100 })).items;
  const state = (schedule = 'hourly') => app.getSchedule({ schedule });
  /** Resolves when everything that the passing of time has set off has been done. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    ...opened,
    warnings,
    add,
    tasks,
    state,
    settled,
    events: async (types: string[]) =>
      (await app.listEvents({ types, limit: 100 })).items
        .map(({ type, taskId, data }) => ({ type, taskId, data }))
        .reverse(),
    watch: async () => {
      const fireSchedule = createFireSchedule({ ...needs, logger });
      watchSchedules({ ...needs, ...app, read, logger, fireSchedule }, scope);
      time.advance(0);
      await settled();
    },
    pass: async (ms: number) => {
      // Minute by minute: the timer never sleeps longer.
      for (let left = ms; left > 0; left -= MINUTE) {
        time.advance(Math.min(left, MINUTE));
        await settled();
      }
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

describe('schedules', () => {
  it('enqueue their task at each time, with one timer, and none while there is no schedule', async () => {
    await using opened = open();
    const { add, watch, pass, tasks, state, events, time, app } = opened;
    await watch();
    expect(time.pending()).toBe(0);
    const made = await add({ everyMs: MINUTE, task: { prompt: 'true', workspace: '/work', priority: 5 } });
    await add({ name: 'other' });
    expect(time.pending()).toBe(1);
    await pass(MINUTE - 1);
    expect(await tasks()).toEqual([]);
    await pass(1);
    expect(await tasks()).toMatchObject([{ prompt: 'true', priority: 5, status: 'pending' }]);
    await pass(MINUTE);
    const [latest] = await tasks();
    expect(await tasks()).toHaveLength(2);
    expect(await state()).toMatchObject({
      lastAt: made.createdAt + 2 * MINUTE,
      lastTaskId: latest?.id,
      nextAt: made.createdAt + 3 * MINUTE,
    });
    const fired = await events(['schedule.fired']);
    expect(fired[1]).toEqual({
      type: 'schedule.fired',
      taskId: latest?.id,
      data: {
        scheduleId: made.id,
        name: 'hourly',
        by: 'time',
        due: made.createdAt + 2 * MINUTE,
        since: null,
        existing: false,
      },
    });
    expect(time.pending()).toBe(1);
    await app.removeSchedule({ schedule: 'hourly' });
    await app.pauseSchedule({ schedule: 'other' });
    await pass(MINUTE);
    expect(time.pending()).toBe(0);
    expect(await tasks()).toHaveLength(2);
  });

  it.each([
    ['skip', 0],
    ['once', 1],
    ['all', 3],
  ] as const)('go by the policy %s after a time without a server: %d tasks', async (missed, count) => {
    await using opened = open();
    const { add, watch, tasks, time, state, events, settled } = opened;
    const made = await add({ missed });
    time.advance(3 * HOUR + 30 * MINUTE);
    await watch();
    await settled();
    expect(await tasks()).toHaveLength(count);
    expect(await state()).toMatchObject({ nextAt: made.createdAt + 4 * HOUR });
    expect(await events(['schedule.missed'])).toHaveLength(missed === 'skip' ? 1 : 0);
  });

  it('miss nothing while they are paused, run when they are asked to, and go on', async () => {
    await using opened = open();
    const { app, add, watch, pass, tasks, state } = opened;
    await watch();
    const { createdAt } = await add();
    await app.pauseSchedule({ schedule: 'hourly' });
    await pass(5 * HOUR);
    expect(await tasks()).toEqual([]);
    const task = await app.runSchedule({ schedule: 'hourly' });
    expect(task).toMatchObject({ prompt: 'true', existing: false });
    expect(await state()).toMatchObject({ status: 'paused', nextAt: null, lastTaskId: task.id });
    await app.resumeSchedule({ schedule: 'hourly' });
    expect(await state()).toMatchObject({ status: 'active', nextAt: createdAt + 6 * HOUR });
    await pass(HOUR);
    expect(await tasks()).toHaveLength(2);
  });

  it('that cannot enqueue go on with their next time, say why, and hold up no other', async () => {
    await using opened = open({ tasks: { maxPending: 1 } });
    const { add, watch, pass, tasks, state, needs, warnings, app } = opened;
    await watch();
    await add({ name: 'a-gone', task: { prompt: 'a', workspace: '/gone' } });
    await add({ name: 'b-fine', task: { prompt: 'b', workspace: '/work' } });
    await add({ name: 'c-full', task: { prompt: 'c', workspace: '/work' } });
    const resolve = needs.directories.resolve;
    needs.directories.resolve = (path) =>
      path === '/gone' ? Promise.reject(new DomainError('invalid_input', '"/gone" is gone.')) : resolve(path);
    await pass(HOUR);
    expect((await tasks()).map(({ prompt }) => prompt)).toEqual(['b']);
    expect(await state('a-gone')).toMatchObject({ status: 'active', lastError: { message: '"/gone" is gone.' } });
    expect(await state('c-full')).toMatchObject({ lastError: { code: 'limit_exceeded' }, lastAt: null });
    expect(warnings.map((warning) => ('name' in warning ? warning.name : null))).toEqual(['a-gone', 'c-full']);
    needs.directories.resolve = resolve;
    for (const { id } of await tasks()) await app.cancelTask({ taskId: id });
    await app.pauseSchedule({ schedule: 'b-fine' });
    await app.pauseSchedule({ schedule: 'c-full' });
    await pass(HOUR);
    expect(await state('a-gone')).toMatchObject({ lastError: null });
  });

  it('fire no time twice when the clock is a little back, and go by the new time when it is a day back', async () => {
    await using opened = open();
    const { add, watch, pass, tasks, state, time } = opened;
    await watch();
    const { createdAt } = await add();
    await pass(HOUR);
    time.jump(-MINUTE / 2);
    await pass(MINUTE);
    expect(await tasks()).toHaveLength(1);
    expect(await state()).toMatchObject({ nextAt: createdAt + 2 * HOUR });
    time.jump(DAY);
    await pass(MINUTE);
    expect(await tasks()).toHaveLength(2);
    time.jump(-DAY);
    await pass(MINUTE);
    expect(await state()).toMatchObject({ nextAt: createdAt + 2 * HOUR });
    await pass(HOUR);
    expect(await tasks()).toHaveLength(3);
    expect(await state()).toMatchObject({ nextAt: createdAt + 3 * HOUR });
  });

  it('are refused with a task that could not be enqueued, and get names of their own', async () => {
    await using opened = open();
    const { add, app } = opened;
    const task = { prompt: 'npm audit', workspace: '/work' };
    await expect(add({ task: { ...task, agent: 'nobody' } })).rejects.toThrow('There is no agent nobody.');
    await expect(add({ everyMs: undefined, cron: 'x' })).rejects.toThrow('"x" is no cron expression');
    await expect(add({ everyMs: undefined, cron: '0 0 31 2 *' })).rejects.toThrow('This schedule would never run');
    const names = [];
    for (let n = 0; n < 3; n += 1) names.push((await app.addSchedule({ everyMs: HOUR, task })).name);
    expect(names).toEqual(['npm-audit', 'npm-audit-2', 'npm-audit-3']);
    await expect(app.getSchedule({ schedule: 'nightly' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
