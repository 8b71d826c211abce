import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApplication } from '../../../src/application/application.js';
import { startScheduler } from '../../../src/application/task/scheduler.js';
import type { AgentId } from '../../../src/domain/shared/id.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import type { ProcessingTask } from '../../../src/domain/task/task.js';
import type { Durability } from '../../../src/infrastructure/sqlite/open-database.js';
import { openSqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { createNewId } from '../../../src/infrastructure/system/ids.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { openApplication } from '../../support/application.js';
import { FULL_PLACE, fillQueue, type Lying, OPEN_PLACE, PROMPT } from '../../support/fill-queue.js';
import { openScope } from '../../support/scope.js';
import { perSecond } from './figures.js';

/** Tasks that are worked on at once. */
export const AT_ONCE = 50;
export const RESULT = { text: 'Done: 3 files changed.', truncated: false, bytes: 22, exitCode: 0 };
const COMMAND = { prompt: PROMPT, workspace: OPEN_PLACE.path, agent: 'shell' };

/** Makes a database of this name with so many tasks in it, and closes it. */
export async function makeDatabase(directory: string, name: string, lying: Lying): Promise<string> {
  const options = optionsOf(directory, name, 'full');
  await (await openSqliteStorage(options)).close();
  fillQueue(options.file, lying);
  return options.file;
}

/** Every use case over such a database, on the real clock. */
export async function openOurQueue(directory: string, name: string, lying: Lying, durability: Durability = 'full') {
  await makeDatabase(directory, name, lying);
  const storage = await openSqliteStorage(optionsOf(directory, name, durability));
  const backend = openApplication({ tasks: { maxPending: 10_000_000 } });
  const newId = createNewId({ clock: Date.now, random: Math.random, lastKey: storage.lastKey() });
  const needs = {
    ...backend.needs,
    transaction: storage.transaction,
    read: storage.read,
    eventLog: storage.eventLog,
    clock: Date.now,
    timer,
    newId,
  };
  return {
    needs,
    app: createApplication(needs),
    async [Symbol.asyncDispose]() {
      await storage.close();
      await backend[Symbol.asyncDispose]();
    },
  };
}

function optionsOf(directory: string, name: string, durability: Durability) {
  return {
    file: join(directory, `${name}.db`),
    backupsDirectory: join(directory, 'backups'),
    migrationsDirectory: fileURLToPath(new URL('../../migrations', import.meta.url)),
    durability,
  };
}

type OurQueue = Awaited<ReturnType<typeof openOurQueue>>;

/** Tasks a second that are enqueued one by one, by so many callers who each wait for the answer. */
export async function enqueueSingly({ app }: OurQueue, count: number, callers: number): Promise<number> {
  const start = performance.now();
  let left = count;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left > 0) {
        left -= 1;
        await app.enqueueTask(COMMAND);
      }
    }),
  );
  return perSecond(count, start);
}

/** Tasks a second that are enqueued by one caller in calls of so many. */
export async function enqueueBatches({ app }: OurQueue, count: number, size: number): Promise<number> {
  const start = performance.now();
  for (let n = 0; n < count; n += size) await app.enqueueTasks({ tasks: Array.from({ length: size }, () => COMMAND) });
  return perSecond(count, start);
}

/**
 * Tasks a second that are claimed by the scheduler and completed, with a handler that does nothing. A place is free once its
 * handler has returned, so that the claims of the next tasks are committed together with the completions.
 */
export async function processTasks({ app, needs }: OurQueue, count: number): Promise<number> {
  await using scope = openScope('the benchmark');
  const { newId } = needs;
  let started = 0;
  let returned = 0;
  let completed = 0;
  let onFree = () => {};
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const pool = {
    ...app.pool,
    free: () => Math.min(AT_ONCE - (started - returned), count - started),
    fullWorkspaces: () => [],
    groups: () => [],
    reserve(): AgentId {
      started += 1;
      return newId('agent');
    },
    onFree(listener: () => void) {
      onFree = listener;
    },
  };
  const runner = {
    async run({ id, epoch }: ProcessingTask) {
      const completion = app.completeTask(id, epoch, RESULT);
      returned += 1;
      onFree();
      await completion;
      completed += 1;
      if (completed === count) finish();
    },
  };
  const start = performance.now();
  app.queueMeter.listen(scope);
  startScheduler({ ...needs, ...app, pool, runner }, scope);
  await done;
  return perSecond(count, start);
}

/**
 * How long it takes, in milliseconds, from the call of `enqueueTask` until the runner is given the task, one at a time:
 * a place is free, and whatever else waits comes after this one or may not be taken.
 */
export async function measureStart({ app, needs }: OurQueue, samples: number): Promise<number[]> {
  await using scope = openScope('the benchmark');
  let isFree = false;
  let given: (task: ProcessingTask) => void = () => undefined;
  const full = [encodeId('workspace', FULL_PLACE.key)];
  const pool = {
    ...app.pool,
    free: () => (isFree ? 1 : 0),
    fullWorkspaces: () => full,
    groups: () => [],
    reserve(): AgentId {
      isFree = false;
      return needs.newId('agent');
    },
    onFree: () => undefined,
  };
  const runner = {
    run: (task: ProcessingTask) => {
      given(task);
      return Promise.resolve();
    },
  };
  app.queueMeter.listen(scope);
  startScheduler({ ...needs, ...app, pool, runner }, scope);
  // It looks at the queue once when it starts, in a transaction; what comes after that is what is measured.
  for (let n = 0; n < 2; n += 1) await needs.transaction(() => Promise.resolve());
  const times: number[] = [];
  const warmUp = Math.floor(samples / 5);
  for (let n = 0; n < samples + warmUp; n += 1) {
    isFree = true;
    const started = new Promise<ProcessingTask>((resolve) => {
      given = resolve;
    });
    const at = performance.now();
    const enqueued = app.enqueueTask(COMMAND);
    const { id, epoch } = await started;
    if (n >= warmUp) times.push(performance.now() - at);
    if (id !== (await enqueued).id) throw new Error('Another task than the one that was enqueued has started.');
    await app.completeTask(id, epoch, RESULT);
  }
  return times;
}
