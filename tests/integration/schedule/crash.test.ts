import { describe, expect, it } from 'vitest';
import type { Stores } from '../../../src/application/ports/transaction.js';
import { createFireSchedule } from '../../../src/application/schedule/fire-schedule.js';
import type { ActiveSchedule } from '../../../src/domain/schedule/schedule.js';
import { DomainError, type DomainErrorCode } from '../../../src/domain/shared/domain-error.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { openApplication } from '../../support/application.js';
import { openTemporaryStorage } from '../../support/storage.js';

const MINUTE = 60_000;

/** Where the power fails: before this write, or before the commit. */
const STEPS = ['tasks.insert', 'schedules.save', 'events.append', 'commit'] as const;

/** The stores, of which this method fails. */
function failing(stores: Stores, step: string, error: Error): Stores {
  const [store = '', method = ''] = step.split('.');
  return new Proxy(stores, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== store || typeof value !== 'object' || value === null) return value;
      return new Proxy(value, {
        get(inner, key) {
          if (key === method) return () => Promise.reject(error);
          const member: unknown = Reflect.get(inner, key, inner);
          return typeof member === 'function' ? (member.bind(inner) as unknown) : member;
        },
      });
    },
  });
}

async function open(missed: 'once' | 'all') {
  const opened = openApplication();
  const storage = await openTemporaryStorage();
  const { needs, time } = opened;
  const createdAt = time.clock();
  const schedule: ActiveSchedule = {
    id: encodeId('schedule', 1),
    name: 'minutely',
    spec: { everyMs: MINUTE },
    task: { prompt: 'true', workspace: '/work' },
    missed,
    createdAt,
    handledUntil: createdAt,
    lastAt: null,
    lastTaskId: null,
    lastError: null,
    status: 'active',
    nextAt: createdAt + MINUTE,
  };
  await storage.transaction(({ schedules }) => schedules.insert(schedule));
  /** Fires it as a server does that fails at this step, if any. */
  const fire = (step?: string, code: DomainErrorCode = 'unavailable') => {
    const error = new DomainError(code, 'The power is gone.');
    let transactions = 0;
    return createFireSchedule({
      ...needs,
      transaction: (work) => {
        transactions += 1;
        if (step === undefined || transactions > 1) return storage.transaction(work);
        return storage.transaction(async (stores) => {
          const done = await work(failing(stores, step, error));
          if (step === 'commit') throw error;
          return done;
        });
      },
    })(schedule);
  };
  return {
    schedule,
    time,
    fire,
    seen: () =>
      storage.read(async ({ schedules, tasks }) => ({
        schedule: await schedules.find(schedule.id),
        due: (await schedules.due(time.clock(), 10)).length,
        tasks: (await tasks.list({ limit: 10 })).length,
      })),
    [Symbol.asyncDispose]: async () => {
      await storage[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}

describe('a schedule', () => {
  it.each(STEPS)('is neither lost, doubled nor stuck for ever by a crash between two writes, at %s', async (step) => {
    await using opened = await open('once');
    const { schedule, time, fire, seen } = opened;
    time.advance(MINUTE + 5);
    await expect(fire(step)).rejects.toThrow('The power is gone.');
    expect(await seen()).toEqual({ schedule, due: 1, tasks: 0 });
    // The server that comes back finds it due, and goes by its policy.
    time.advance(10 * MINUTE);
    await fire();
    expect(await seen()).toMatchObject({ schedule: { nextAt: schedule.createdAt + 12 * MINUTE }, due: 0, tasks: 1 });
    // Whoever still has it as it was does not fire it again.
    await fire();
    expect((await seen()).tasks).toBe(1);
  });

  it('that may not enqueue the second of three tasks enqueues none, and goes on with its next time', async () => {
    await using opened = await open('all');
    const { schedule, time, fire, seen } = opened;
    time.advance(3 * MINUTE);
    await fire('schedules.save', 'limit_exceeded');
    expect(await seen()).toMatchObject({
      schedule: { nextAt: schedule.createdAt + 4 * MINUTE, lastError: { message: 'The power is gone.' } },
      due: 0,
      tasks: 0,
    });
  });

  it('has a task for each time that it missed, in one step', async () => {
    await using opened = await open('all');
    const { time, fire, seen } = opened;
    time.advance(3 * MINUTE);
    await fire();
    expect(await seen()).toMatchObject({ due: 0, tasks: 3 });
  });
});
