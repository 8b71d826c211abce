import fc from 'fast-check';
import { expect } from 'vitest';
import type { Slots } from '../../../src/application/task/claim-tasks.js';
import type { TaskId } from '../../../src/domain/shared/id.js';
import type { openApplication } from '../application.js';
import { isOver, type ModelTask, type QueueModel } from './model.js';

/** The queue under test, and the ids of its tasks in the order in which they were enqueued. */
export interface RealQueue {
  readonly opened: ReturnType<typeof openApplication>;
  readonly ids: TaskId[];
  owner: number;
}

type Command = fc.AsyncCommand<QueueModel, RealQueue>;

const DAY_MS = 86_400_000;
const DONE = { text: 'Done.', truncated: false, bytes: 5, exitCode: 0 };

/** Which of a list, by a number of any size; undefined for an empty one. */
const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % Math.max(1, list.length)];

function idOf({ ids }: RealQueue, task: ModelTask): TaskId {
  const id = ids[task.n];
  if (id === undefined) throw new Error(`Task ${String(task.n)} was never enqueued.`);
  return id;
}

/** A command that is about one of the tasks that the model lists. */
function about(
  name: string,
  among: (model: QueueModel) => readonly ModelTask[],
  which: number,
  run: (model: QueueModel, real: RealQueue, task: ModelTask, id: TaskId) => Promise<void>,
): Command {
  return {
    // What it is about may not be there; then it does nothing.
    check: () => true,
    async run(model, real) {
      const task = pick(among(model), which);
      if (task === undefined) return;
      await run(model, real, task, idOf(real, task));
      await expectSame(model, real);
    },
    toString: () => `${name}(${String(which)})`,
  };
}

/** What the queue holds is what the model holds. */
async function expectSame(model: QueueModel, { opened, ids }: RealQueue): Promise<void> {
  const listed = await opened.read(({ tasks }) => tasks.list({ limit: 1_000 }));
  const seen = listed.map(({ id, status, attempts, epoch, priority, runAt, deadline }) => {
    return { n: ids.indexOf(id), status, attempts, epoch, priority, runAt, deadline };
  });
  const expected = model.tasks.map(({ n, status, attempts, epoch, priority, runAt, deadline }) => {
    return { n, status, attempts, epoch, priority, runAt, deadline };
  });
  expect(seen.sort((a, b) => a.n - b.n)).toEqual(expected);
  const counts: Record<string, number> = await opened.read(({ tasks }) => tasks.counts());
  for (const [status, count] of Object.entries(counts)) {
    expect([status, count]).toEqual([status, model.tasks.filter((task) => task.status === status).length]);
  }
}

const refusal = (code: string) => expect.objectContaining({ code }) as unknown;

interface EnqueueParts {
  readonly priority: number;
  readonly delayMs: number;
  readonly deadlineMs: number | null;
  readonly after: readonly number[];
  readonly runsAnyway: boolean;
  readonly unique: string | null;
  readonly maxAttempts: number;
}

function enqueue(parts: EnqueueParts): Command {
  const { priority, delayMs, deadlineMs, runsAnyway, unique, maxAttempts } = parts;
  return {
    check: () => true,
    async run(model, real) {
      const after = [...new Set(parts.after.map((which) => pick(model.tasks, which)?.n))].filter(
        (n) => n !== undefined,
      );
      const [runAt, deadline] = [model.now + delayMs, deadlineMs === null ? null : model.now + deadlineMs];
      const expected = model.enqueue({ priority, runAt, deadline, after, runsAnyway, unique, maxAttempts });
      const asked = real.opened.enqueue('x', {
        ...{ priority, runAt, maxAttempts, onFailure: runsAnyway ? 'run' : 'fail' },
        after: after.map((n) => real.ids[n]),
        ...(deadline === null ? {} : { deadline }),
        ...(unique === null ? {} : { unique }),
      });
      if (typeof expected === 'string') await expect(asked).rejects.toEqual(refusal(expected));
      else {
        const { id, existing } = await asked;
        expect(existing).toBe(expected.n < real.ids.length);
        if (existing) expect(id).toBe(real.ids[expected.n]);
        else real.ids.push(id);
      }
      await expectSame(model, real);
    },
    toString: () => `enqueue(${JSON.stringify(parts)})`,
  };
}

/** Places for so many tasks, whose agents are nobody: nothing but the queue is under test. */
function places(count: number): Slots {
  let left = count;
  return {
    free: () => left,
    fullWorkspaces: () => [],
    groups: () => [],
    reserve() {
      left -= 1;
      return `agent_${String(left + 1).padStart(11, '0')}`;
    },
    cancel() {
      left += 1;
    },
  };
}

async function claimInBoth(count: number, model: QueueModel, real: RealQueue): Promise<void> {
  const expected = model.claim(count).map((task) => idOf(real, task));
  const claimed = await real.opened.app.claimTasks(places(count), `server-${String(real.owner)}`);
  expect(claimed.tasks.map(({ id }) => id)).toEqual(expected);
}

const claim = (count: number): Command => ({
  check: () => true,
  async run(model, real) {
    await claimInBoth(count, model, real);
    await expectSame(model, real);
  },
  toString: () => `claim(${String(count)})`,
});

async function passInBoth(ms: number, model: QueueModel, { opened: { app, time } }: RealQueue): Promise<void> {
  model.passTo(model.now + ms);
  time.jump(ms);
  await app.expireTasks();
  await app.releaseDueTasks();
}

const pass = (ms: number): Command => ({
  check: () => true,
  async run(model, real) {
    await passInBoth(ms, model, real);
    await expectSame(model, real);
  },
  toString: () => `pass(${String(ms)})`,
});

/** The server dies; the next one takes back what it had. */
const crash: Command = {
  check: () => true,
  async run(model, real) {
    for (const task of model.running()) model.interrupt(task);
    real.owner += 1;
    await real.opened.app.recover(`server-${String(real.owner)}`);
    await expectSame(model, real);
  },
  toString: () => 'crash()',
};

const complete = (which: number) =>
  about(
    'complete',
    (model) => model.running(),
    which,
    async (model, { opened: { app } }, task, id) => {
      model.complete(task);
      await app.completeTask(id, task.epoch, DONE);
    },
  );

const fail = (which: number, canBeTriedAgain: boolean) =>
  about(
    'fail',
    (model) => model.running(),
    which,
    async (model, { opened: { app } }, task, id) => {
      model.fail(task, canBeTriedAgain);
      const code = canBeTriedAgain ? 'crashed' : 'usage';
      await app.failTask(id, task.epoch, { code, message: 'Boom.' }, null);
    },
  );

const interrupt = (which: number) =>
  about(
    'interrupt',
    (model) => model.running(),
    which,
    async (model, { opened: { app } }, task, id) => {
      model.interrupt(task);
      await app.interruptTask(id, task.epoch, 'Cut.');
    },
  );

/** A result of an attempt that is over, or of one that never was. */
const late = (which: number) =>
  about(
    'late',
    (model) => model.tasks,
    which,
    async (_model, { opened: { app } }, { status, epoch }, id) => {
      const over = status === 'processing' ? epoch - 1 : epoch;
      await expect(app.completeTask(id, over, DONE)).rejects.toThrow();
      await expect(app.failTask(id, over, { code: 'crashed', message: 'Boom.' }, null)).rejects.toThrow();
    },
  );

const cancel = (which: number) =>
  about(
    'cancel',
    (model) => model.tasks,
    which,
    async (model, { opened: { app } }, task, id) => {
      const cancelled = app.cancelTask({ taskId: id });
      if (isOver(task)) await expect(cancelled).rejects.toEqual(refusal('invalid_transition'));
      else {
        model.end(task, 'cancelled');
        await cancelled;
      }
    },
  );

const retry = (which: number) =>
  about(
    'retry',
    (model) => model.tasks,
    which,
    async (model, { opened: { app } }, task, id) => {
      const refused = model.retry(task);
      const retried = app.retryTask({ taskId: id });
      if (refused === null) await retried;
      else await expect(retried).rejects.toEqual(refusal(refused));
    },
  );

const change = (which: number, priority: number, delayMs: number) =>
  about(
    'change',
    (model) => model.tasks,
    which,
    async (model, { opened: { app } }, task, id) => {
      const refused = model.change(task, priority, model.now + delayMs);
      const changed = app.changeTask({ taskId: id, priority, delayMs });
      if (refused === null) await changed;
      else await expect(changed).rejects.toEqual(refusal(refused));
    },
  );

const which = fc.nat({ max: 1_000 });
const priority = fc.integer({ min: -1, max: 1 });
const delay = fc.constantFrom(0, 0, 500, 5_000);

/** Everything that may happen to a queue, in any order. */
export const queueCommands = fc.commands(
  [
    fc
      .record({
        priority,
        delayMs: delay,
        deadlineMs: fc.constantFrom(null, null, null, 400, 8_000, 2 * DAY_MS),
        after: fc.array(which, { maxLength: 3 }),
        runsAnyway: fc.boolean(),
        unique: fc.constantFrom(null, null, null, 'nightly'),
        maxAttempts: fc.integer({ min: 1, max: 2 }),
      })
      .map(enqueue),
    fc.integer({ min: 1, max: 3 }).map(claim),
    which.map(complete),
    fc.tuple(which, fc.boolean()).map(([n, again]) => fail(n, again)),
    which.map(interrupt),
    which.map(late),
    fc.constantFrom(1, 499, 1_000, 7_000, DAY_MS, -DAY_MS, -1_000).map(pass),
    fc.constant(crash),
    which.map(cancel),
    which.map(retry),
    fc.tuple(which, priority, delay).map(([n, to, ms]) => change(n, to, ms)),
  ],
  { size: '+1' },
);

/** Lets the queue do what is left, a day at a time; fails when something stays that nothing will ever move. */
export async function expectDrained(model: QueueModel, real: RealQueue): Promise<void> {
  const rounds = 2 * model.tasks.length + 5;
  for (let round = 0; round < rounds && model.unfinished().length > 0; round += 1) {
    await passInBoth(DAY_MS, model, real);
    await claimInBoth(model.tasks.length, model, real);
    for (const task of model.running()) {
      model.complete(task);
      await real.opened.app.completeTask(idOf(real, task), task.epoch, DONE);
    }
  }
  expect(model.unfinished()).toEqual([]);
  await expectSame(model, real);
}
