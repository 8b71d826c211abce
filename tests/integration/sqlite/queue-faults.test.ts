import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/application/agent/attempt-lease.js';
import { homePaths } from '../../../src/home/home-paths.js';
import { openSqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { openApplication } from '../../support/application.js';
import { openDaemonHome } from '../../support/daemon-home.js';
import { openTemporaryStorage, storageOptions, temporaryDirectory } from '../../support/storage.js';
import { addWorkspaces, fact, pendingTask, taskId } from '../../support/storage-samples.js';

// What other queues on SQLite were seen to get wrong; docs/decisions/0015-queue.md lists them.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Another program on the same file. */
function openOther(file: string): Database.Database & Disposable {
  const other = new Database(file, { timeout: 0 });
  return Object.assign(other, { [Symbol.dispose]: () => void other.close() });
}

const countTasks = (other: Database.Database) => other.prepare<[], number>('SELECT count(*) FROM task').pluck().get();

it('a task that waited for two days before its claim is handed out once: its lease counts from the claim', async () => {
  await using storage = await openTemporaryStorage();
  await using opened = openApplication({ storage });
  const { app, enqueue, runtime, start, time, transaction, until } = opened;
  const { id } = await enqueue('long awaited', { timeoutMs: 1_000 });
  time.advance(2 * DAY_MS);
  start();
  const turn = await runtime.nextTurn();
  // Nothing but its agent ends it before its time limit and the grace of the lease are over.
  for (let past = 0; past < LEASE_MS; past += 10_000) {
    time.advance(10_000);
    await transaction(() => Promise.resolve());
  }
  expect(runtime.open.size).toBe(1);
  expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'processing', epoch: 1 });
  turn.complete();
  expect(await until(id, 'completed')).toMatchObject({ attempts: 1, epoch: 1 });
  expect((await opened.eventLog.after(0, 100)).filter(({ type }) => type === 'task.started')).toHaveLength(1);
});

describe('an asynchronous function in a transaction', () => {
  it('commits nothing before its end', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await using storage = await openSqliteStorage(options);
    await addWorkspaces(storage);
    using other = openOther(options.file);
    await storage.transaction(async ({ tasks, events }) => {
      for (let n = 1; n <= 20; n += 1) {
        await tasks.insert(pendingTask(n));
        await events.append([fact(n)]);
        expect(countTasks(other)).toBe(0);
      }
    });
    expect(countTasks(other)).toBe(20);
  });

  it('leaves nothing when it throws after having waited', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    const broken = storage.transaction(async ({ tasks }) => {
      await tasks.insert(pendingTask(1));
      await tasks.get(taskId(1));
      throw new Error('Boom.');
    });
    await expect(broken).rejects.toThrow('Boom.');
    expect(await storage.read(({ tasks }) => tasks.find(taskId(1)))).toBeUndefined();
  });
});

it('tasks of one millisecond keep their order, however they were enqueued', async () => {
  await using storage = await openTemporaryStorage();
  await using opened = openApplication({ storage, pool: { max: 1 } });
  const { app, enqueue, runtime, start } = opened;
  const asked: string[] = [];
  const next = () => {
    asked.push(String(asked.length));
    return String(asked.length - 1);
  };
  for (let n = 0; n < 10; n += 1) {
    await enqueue(next());
    await Promise.all([enqueue(next()), enqueue(next())]);
    await app.enqueueTasks({ tasks: [1, 2, 3].map(() => ({ prompt: next(), workspace: '/work' })) });
  }
  start();
  const ran: string[] = [];
  while (ran.length < asked.length) {
    const turn = await runtime.nextTurn();
    ran.push(turn.prompt);
    turn.complete();
  }
  expect(ran).toEqual(asked);
});

describe('an idle queue', () => {
  it('has no timer, and looks once a minute while something is scheduled, writing nothing', async () => {
    await using directory = await temporaryDirectory();
    const options = storageOptions(directory.path);
    await using storage = await openSqliteStorage(options);
    await using opened = openApplication({ storage });
    const { enqueue, start, time, transaction } = opened;
    const settled = async () => {
      for (let n = 0; n < 10; n += 1) await transaction(() => Promise.resolve());
    };
    start();
    await settled();
    expect(time.pending()).toBe(0);

    const { id } = await enqueue('tomorrow', { delayMs: DAY_MS });
    await enqueue('the day after', { after: [id] });
    using other = openOther(options.file);
    const version = () => other.pragma('data_version', { simple: true });
    const before = version();
    for (let minute = 0; minute < 60; minute += 1) {
      expect(time.pending()).toBe(1);
      time.advance(60_000);
      await settled();
    }
    expect(version()).toBe(before);
  });

  it('takes no write lock: another program holds it, and the server goes on as if nothing were', async () => {
    await using daemon = await openDaemonHome();
    const { client, home, work } = daemon;
    const task = await client.task.enqueue.mutate({ agent: 'shell', prompt: 'true', workspace: work });
    await expect.poll(async () => (await client.task.get.query({ taskId: task.id })).status).toBe('completed');
    await client.task.enqueue.mutate({ agent: 'shell', prompt: 'true', workspace: work, delayMs: DAY_MS });
    const { database } = homePaths(home);
    using other = openOther(database);
    const seen = () => [other.pragma('data_version', { simple: true }), statSync(`${database}-wal`).size];
    // What the end of the attempt still writes.
    await expect.poll(async () => (await client.agent.list.query({ limit: 10 })).items[0]?.status).toBe('idle');
    other.exec('BEGIN IMMEDIATE');
    const before = seen();
    const begin = performance.now();
    // A write would wait for the lock with the whole event loop, for seconds.
    while (performance.now() - begin < 1_000) {
      const asked = performance.now();
      await client.system.status.query();
      expect(performance.now() - asked).toBeLessThan(1_000);
    }
    expect(seen()).toEqual(before);
    other.exec('ROLLBACK');
  });
});
