/**
 * Claim and complete through `transaction()` with 50 callers at once, against bare better-sqlite3 doing the same
 * statements in groups of the same size, in the same run, with synchronous=FULL. Prints figures, judges nothing.
 *
 *     npx tsx tests/bench/storage.bench.ts [tasks] [callers]
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type { Transaction } from '../../src/application/ports/transaction.js';
import { decodeId, type WorkspaceId } from '../../src/domain/shared/id.js';
import { NONE_PASSED_OVER } from '../../src/domain/task/task-repository.js';
import { claim, complete, enqueue } from '../../src/domain/task/task-transitions.js';
import { addWorkspace } from '../../src/domain/workspace/workspace.js';
import { EVENT_STATEMENTS } from '../../src/infrastructure/sqlite/event-rows.js';
import { READY_QUERIES } from '../../src/infrastructure/sqlite/ready-tasks.js';
import { QUEUE_STATEMENTS } from '../../src/infrastructure/sqlite/sqlite-queue-repository.js';
import { openSqliteStorage } from '../../src/infrastructure/sqlite/sqlite-storage.js';
import { TASK_QUERIES } from '../../src/infrastructure/sqlite/task-queries.js';
import { TASK_WRITES } from '../../src/infrastructure/sqlite/task-writes.js';
import { createNewId } from '../../src/infrastructure/system/ids.js';

const tasks = Number(process.argv[2] ?? 20_000);
const callers = Number(process.argv[3] ?? 50);
const ROUNDS = 7;
const PROMPT = 'Run the tests of this package, find out why the second one fails, and fix what is at fault. '.repeat(2);
const RESULT = { text: 'Done: 3 files changed.', truncated: false, bytes: 22, exitCode: 0 };
const newId = createNewId({ clock: Date.now, random: Math.random, lastKey: 0 });
const agentId = newId('agent');
const owner = '0b1f5a7e-5f0e-4b39-9b1c-4d8e8f0f2a11';

const directory = mkdtempSync(join(tmpdir(), 'cw-bench-'));
try {
  const bare: Time[] = [];
  const careful: Time[] = [];
  const ours: Time[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await timeWithTasks(`bare-${round}.db`, async (_, file) => runBare(file, false)));
    careful.push(await timeWithTasks(`savepoints-${round}.db`, async (_, file) => runBare(file, true)));
    ours.push(await timeWithTasks(`ours-${round}.db`, (transaction) => runOurs(transaction, callers, tasks)));
  }
  const alone = await timeWithTasks('alone.db', (transaction) => runOurs(transaction, 1, 2_000));

  print(`bare, groups of ${callers}`, 2 * tasks, middle(bare));
  print(`bare, groups of ${callers}, savepoints`, 2 * tasks, middle(careful));
  print(`transaction(), ${callers} at once`, 2 * tasks, middle(ours));
  print('transaction(), one at a time', 2 * 2_000, alone);
  const [time, cpu] = [middle(bare).seconds / middle(ours).seconds, middle(bare).cpuSeconds / middle(ours).cpuSeconds];
  console.log(`ratio to bare: ${time.toFixed(2)}; by CPU time: ${cpu.toFixed(2)}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

interface Time {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** The median of each measure: the disk of a shared machine is ten times slower for moments. */
function middle(times: readonly Time[]): Time {
  const median = (of: (time: Time) => number) => times.map(of).sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return { seconds: median((time) => time.seconds), cpuSeconds: median((time) => time.cpuSeconds) };
}

/** Fills a new database with pending tasks and times the rest. */
async function timeWithTasks(
  name: string,
  run: (transaction: Transaction, file: string) => Promise<void>,
): Promise<Time> {
  const file = join(directory, name);
  await using storage = await openSqliteStorage({
    file,
    backupsDirectory: join(directory, 'backups'),
    migrationsDirectory: fileURLToPath(new URL('../../migrations', import.meta.url)),
    durability: 'full',
  });
  const workspaceId = newId('workspace');
  await storage.transaction(({ workspaces }) =>
    workspaces.insert(addWorkspace({ id: workspaceId, path: '/home/me/project', name: 'project' }, Date.now()).state),
  );
  for (let n = 0; n < tasks; n += 1_000) await storage.transaction((stores) => fill(stores, workspaceId, 1_000));
  const start = performance.now();
  const cpu = process.cpuUsage();
  await run(storage.transaction, file);
  const used = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1_000, cpuSeconds: (used.user + used.system) / 1e6 };
}

async function fill(
  { tasks: store, events }: Parameters<Parameters<Transaction>[0]>[0],
  workspaceId: WorkspaceId,
  count: number,
): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const request = {
      id: newId('task'),
      prompt: PROMPT,
      agent: 'shell',
      workspaceId,
      workspace: '/home/me/project',
      priority: 0,
      runAt: 0,
      maxAttempts: 3,
      timeoutMs: 3_600_000,
      after: [],
      onFailure: 'fail' as const,
      fallback: null,
      uniqueScope: null,
      group: null,
      deadline: null,
      retry: null,
      sessionId: null,
      unique: null,
    };
    const { state, events: facts } = enqueue(request, 0, Date.now());
    await store.insert(state);
    await events.append(facts);
  }
}

async function runOurs(transaction: Transaction, atOnce: number, count: number): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left > 0) {
        left -= 1;
        const running = await transaction(async ({ tasks: store, queue, events }) => {
          await queue.get();
          const [task] = await store.ready(1, NONE_PASSED_OVER);
          if (task === undefined) throw new Error('No task is ready.');
          const { state, events: facts } = claim(task, { agentId, owner }, Date.now());
          await store.save(state);
          await store.openAttempt(state);
          await events.append(facts);
          return state;
        });
        await transaction(async ({ tasks: store, events }) => {
          const now = Date.now();
          const { state, events: facts } = complete(await store.get(running.id), running.epoch, RESULT, now);
          await store.save(state);
          const end = { outcome: 'completed', finishedAt: now, exitCode: 0, error: null } as const;
          await store.closeAttempt(running.id, running.epoch, end);
          await events.append(facts);
        });
      }
    }),
  );
}

/** The same statements in the same order, without promises, domain, checks or rows made into objects. */
function runBare(file: string, savepoints: boolean): void {
  const db = new Database(file);
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  const paused = db.prepare(QUEUE_STATEMENTS.get).raw();
  const ready = db.prepare<[number], unknown[]>(READY_QUERIES.first).raw();
  const byId = db.prepare<[number], unknown[]>(TASK_QUERIES.byId).raw();
  const take = db.prepare(TASK_WRITES.claim);
  const finish = db.prepare(TASK_WRITES.complete);
  const openAttempt = db.prepare(TASK_WRITES.openAttempt);
  const closeAttempt = db.prepare(TASK_WRITES.closeAttempt);
  const append = db.prepare(EVENT_STATEMENTS.append);
  const count = db.prepare('UPDATE task_count SET n = n + ? WHERE status = ?');
  const agentKey = decodeId(agentId);

  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const savepoint = db.prepare('SAVEPOINT one');
  const release = db.prepare('RELEASE one');
  const grouped = (from: string, to: string, work: () => void) => {
    begin.run();
    for (let n = 0; n < callers; n += 1) {
      if (savepoints) savepoint.run();
      work();
      if (savepoints) release.run();
    }
    count.run(-callers, from);
    count.run(callers, to);
    commit.run();
  };

  for (let n = 0; n < tasks; n += callers) {
    const running: number[] = [];
    grouped('pending', 'processing', () => {
      paused.get();
      const key = ready.all(1)[0]?.[0] as number;
      const now = Date.now();
      take.run(1, 1, agentKey, owner, null, now, key);
      openAttempt.run(key, 1, agentKey, now);
      const data = JSON.stringify({ epoch: 1, attempt: 1, agentId, waitedMs: 0 });
      append.run('task.started', now, key, null, null, null, null, data);
      running.push(key);
    });
    grouped('processing', 'completed', () => {
      const key = running.pop() ?? 0;
      byId.get(key);
      const now = Date.now();
      finish.run(null, now, RESULT.exitCode, RESULT.bytes, 0, RESULT.text, key);
      closeAttempt.run(now, 'completed', 0, null, null, key, 1);
      append.run(
        'task.completed',
        now,
        key,
        null,
        null,
        null,
        null,
        JSON.stringify({ epoch: 1, exitCode: 0, durationMs: 0 }),
      );
    });
  }
  db.close();
}

function print(what: string, transactions: number, { seconds, cpuSeconds }: Time): void {
  const perSecond = Math.round(transactions / seconds).toLocaleString('en');
  const each = (all: number) => ((all * 1e6) / transactions).toFixed(1).padStart(7);
  console.log(
    `${what.padEnd(36)} ${perSecond.padStart(9)} transactions/s; each ${each(seconds)} µs, ${each(cpuSeconds)} µs of CPU`,
  );
}
