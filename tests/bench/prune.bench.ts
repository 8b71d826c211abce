/**
 * Removes what has ended its time from a database with synchronous=FULL, while somebody enqueues all the time: the
 * longest block of the event loop and how long an enqueue takes, beside the same without any pruning. Prints figures.
 *
 *     npx tsx tests/bench/prune.bench.ts [events] [tasks] [tool uses]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Transaction } from '../../src/application/ports/transaction.js';
import { createPruneExpired } from '../../src/application/retention/prune-expired.js';
import { createExpired } from '../../src/composition/expired.js';
import type { WorkerJobs } from '../../src/composition/worker-jobs.js';
import { encodeId } from '../../src/domain/shared/id.js';
import { enqueue } from '../../src/domain/task/task-transitions.js';
import { openSqliteStorage, type SqliteStorage } from '../../src/infrastructure/sqlite/sqlite-storage.js';
import { createNewId } from '../../src/infrastructure/system/ids.js';
import { stopwatch } from '../../src/infrastructure/system/stopwatch.js';
import { timer } from '../../src/infrastructure/system/timer.js';
import { createWorkerPool } from '../../src/infrastructure/workers/worker-pool.js';
import { faultsOf, fillExpired, makeRun } from '../support/retention.js';
import { openScope } from '../support/scope.js';
import { storageOptions } from '../support/storage.js';

const [events, tasks, toolUses] = [520_000, 20_000, 20_000].map((usual, n) => Number(process.argv[n + 2] ?? usual));
/** Attempts that have left something. */
const RUNS = 2_000;
/** Of each text: as long as one of ours may get, so that freeing it costs what it can cost. */
const TEXT_LENGTH = 16_000;
/** Somebody asks so often, in milliseconds. */
const EVERY_MS = 4;
const IDLE_MS = 8_000;

const directory = mkdtempSync(join(tmpdir(), 'cw-bench-'));
try {
  const options = storageOptions(directory);
  await (await openSqliteStorage(options)).close();
  fillExpired(options.file, {
    events: events ?? 0,
    tasks: tasks ?? 0,
    toolUses: toolUses ?? 0,
    textLength: TEXT_LENGTH,
  });
  const runs = join(directory, 'runs');
  mkdirSync(runs);
  for (let n = 1; n <= RUNS; n += 1) makeRun(runs, n);
  await using storage = await openSqliteStorage({ ...options, durability: 'full' });
  await using scope = openScope('the benchmark');
  const entry = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));
  const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const workers = createWorkerPool<WorkerJobs>({ entry, timer, logger });
  scope.defer('workers', () => workers.close());
  let longestStepMs = 0;
  // What a step itself takes: the rest of a block is the disk, or other programs.
  const transaction: Transaction = (work) =>
    storage.transaction(async (stores) => {
      const began = performance.now();
      const answer = await work(stores);
      longestStepMs = Math.max(longestStepMs, performance.now() - began);
      return answer;
    });
  const pruneExpired = createPruneExpired({
    read: storage.read,
    transaction,
    clock: Date.now,
    timer,
    stopwatch,
    logger,
    retention: { eventsDays: 30, finishedTasksDays: 90, toolUseTextDays: 30, runOutputMb: 'forever' },
    expired: createExpired({
      workers,
      paths: { database: options.file, runs },
      oldest: storage.oldest,
      clock: Date.now,
    }),
  });

  // What was written to fill the database is on its way to the disk for a while.
  await underLoad(storage, () => wait(IDLE_MS));
  print('idle', await underLoad(storage, () => wait(IDLE_MS)));
  let counted: unknown;
  print(
    'counting (--dry-run)',
    await underLoad(storage, async () => {
      counted = await pruneExpired({ dryRun: true }, new AbortController().signal);
    }),
  );
  let pruned: unknown;
  print(
    'pruning',
    await underLoad(storage, async () => {
      pruned = await pruneExpired({ dryRun: false }, new AbortController().signal);
    }),
  );
  console.log(`longest step, without its commit: ${longestStepMs.toFixed(1)} ms`);
  console.log('counted', JSON.stringify(counted));
  console.log('removed', JSON.stringify(pruned));
  console.log(`faults: ${String(faultsOf(options.file).length)}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

interface Figures {
  readonly tookMs: number;
  readonly enqueued: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly longestBlockMs: number;
}

/** How long an enqueue takes while the work goes on, and for how long the event loop answers nobody. */
async function underLoad(storage: SqliteStorage, work: () => Promise<void>): Promise<Figures> {
  const newId = createNewId({ clock: Date.now, random: Math.random, lastKey: storage.lastKey() });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const times: number[] = [];
  const over = new AbortController();
  delay.enable();
  const began = performance.now();
  const done = work().finally(() => over.abort());
  const asked: Promise<void>[] = [];
  while (!over.signal.aborted) {
    const from = performance.now();
    asked.push(enqueueOne(storage, newId('task')).then(() => void times.push(performance.now() - from)));
    await wait(EVERY_MS);
  }
  await Promise.all([done, ...asked]);
  delay.disable();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    tookMs: performance.now() - began,
    enqueued: times.length,
    ...{ p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) },
    longestBlockMs: delay.max / 1e6,
  };
}

async function enqueueOne({ transaction }: SqliteStorage, id: ReturnType<typeof encodeId<'task'>>): Promise<void> {
  const common = { priority: 0, runAt: Date.now() + 3_600_000, maxAttempts: 3, timeoutMs: 60_000 };
  const asked = { id, prompt: 'true', agent: 'shell', workspaceId: encodeId('workspace', 1), workspace: '/gone' };
  await transaction(async ({ tasks: store, events: log }) => {
    const { state, events: facts } = enqueue(
      {
        ...asked,
        ...common,
        after: [],
        onFailure: 'fail',
        fallback: null,
        sessionId: null,
        unique: null,
        uniqueScope: null,
        group: null,
        deadline: null,
        retry: null,
      },
      0,
      Date.now(),
    );
    await store.insert(state);
    await log.append(facts);
  });
}

function print(name: string, { tookMs, enqueued, p50Ms, p99Ms, maxMs, longestBlockMs }: Figures): void {
  console.log(
    `${name}: ${(tookMs / 1_000).toFixed(1)} s, longest block of the loop ${longestBlockMs.toFixed(1)} ms; ` +
      `${String(enqueued)} enqueued, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, longest ${maxMs.toFixed(1)} ms`,
  );
}
