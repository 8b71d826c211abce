/** What runs in the process of a peer: one queue of other people, with its own defaults. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROMPT } from '../../support/fill-queue.js';
import { perSecond } from './figures.js';
import { driverOf, type Peer } from './peers.js';

/** What is measured, of which peer, on a database of its own. `tasks` are put in or worked off. */
export interface PeerOrder {
  readonly peer: Peer;
  readonly folder: string;
  readonly file: string;
  readonly measure: 'singly' | 'batches' | 'process';
  readonly tasks: number;
  /** Tasks in one call. */
  readonly size: number;
  /** Tasks that wait besides. */
  readonly waiting: number;
}

/** Longest measurement, in milliseconds: one of them takes a second for every task when a million wait. */
const LONGEST_MS = 5_000;

interface Driver {
  exec(sql: string): void;
  prepare(sql: string): { run(...values: unknown[]): void };
  close(): void;
}
type OpenDriver = new (file: string) => Driver;

/** A peer as it is measured. */
interface Measured {
  add(payload: object): unknown;
  /** Undefined where a peer has no such call. */
  readonly addMany: ((payloads: object[]) => unknown) | undefined;
  /** Puts waiting tasks in by SQL. */
  fill(rows: number): void;
  /** Works tasks off until `onDone` says that it is enough. */
  work(onDone: () => boolean): Promise<void>;
}

/** Tasks a second; undefined for what a peer has no call for. */
export async function measurePeer(order: PeerOrder): Promise<number | undefined> {
  const { peer, tasks, size, waiting, measure } = order;
  const queue = await (peer.name === 'plainjob' ? openPlainjob(order) : openLiteque(order));
  const payload = () => ({ prompt: PROMPT });
  let done = 0;
  if (measure === 'singly') {
    const start = performance.now();
    for (; done < tasks && performance.now() - start < LONGEST_MS; done += 1) await queue.add(payload());
    return perSecond(done, start);
  }
  if (measure === 'batches') {
    if (queue.addMany === undefined) return undefined;
    const start = performance.now();
    for (; done < tasks && performance.now() - start < LONGEST_MS; done += size) {
      await queue.addMany(Array.from({ length: size }, payload));
    }
    return perSecond(done, start);
  }
  queue.fill(waiting + tasks);
  const start = performance.now();
  await queue.work(() => {
    done += 1;
    return done >= tasks || performance.now() - start > LONGEST_MS;
  });
  return perSecond(done, start);
}

interface Worker {
  start(): Promise<void>;
  stop(): Promise<void>;
}
interface Plainjob {
  readonly better: (driver: Driver) => unknown;
  readonly defineQueue: (options: object) => {
    add(type: string, data: object): unknown;
    addMany(type: string, data: object[]): unknown;
    close(): void;
  };
  readonly defineWorker: (type: string, work: () => void, options: object) => Worker;
}

async function openPlainjob({ peer, folder, file }: PeerOrder): Promise<Measured> {
  const { better, defineQueue, defineWorker } = await load<Plainjob>(folder, 'plainjob/dist/plainjob.js');
  const driver = new (driverOf(peer, folder) as OpenDriver)(file);
  const silent = () => undefined;
  const logger = { error: silent, warn: silent, info: silent, debug: silent };
  const queue = defineQueue({ connection: better(driver), logger });
  return {
    add: (payload) => queue.add('bench', payload),
    addMany: (payloads) => queue.addMany('bench', payloads),
    fill: (rows) => {
      driver
        .prepare(
          `INSERT INTO plainjob_jobs (type, data, created_at, next_run_at) ${numbers(rows)}
            SELECT 'bench', ?, ?, ? FROM number`,
        )
        .run(JSON.stringify({ prompt: PROMPT }), Date.now(), Date.now());
    },
    async work(onDone) {
      const worker = defineWorker('bench', silent, {
        queue,
        logger,
        onCompleted: () => {
          if (onDone()) void worker.stop();
        },
      });
      await worker.start();
    },
  };
}

interface Liteque {
  readonly buildDBClient: (file: string, options: object) => unknown;
  SqliteQueue: new (name: string, client: unknown, options: object) => { enqueue(payload: object): Promise<unknown> };
  Runner: new (queue: unknown, functions: object, options: object) => { run(): Promise<void>; stop(): void };
}

async function openLiteque({ peer, folder, file }: PeerOrder): Promise<Measured> {
  const { buildDBClient, SqliteQueue, Runner } = await load<Liteque>(folder, 'liteque/dist/index.js');
  const client = buildDBClient(file, { runMigrations: true });
  const queue = new SqliteQueue('bench', client, { defaultJobArgs: { numRetries: 2 }, keepFailedJobs: false });
  return {
    add: (payload) => queue.enqueue(payload),
    addMany: undefined,
    fill: (rows) => {
      const driver = new (driverOf(peer, folder) as OpenDriver)(file);
      driver
        .prepare(
          `INSERT INTO tasks (queue, payload, createdAt, status, allocationId, numRunsLeft, maxNumRuns, priority, availableAt)
            ${numbers(rows)} SELECT 'bench', ?, ?, 'pending', 'none', 3, 3, 0, ? FROM number`,
        )
        .run(JSON.stringify({ prompt: PROMPT }), Math.floor(Date.now() / 1_000), Date.now());
      driver.close();
    },
    async work(onDone) {
      const functions = {
        run: () => Promise.resolve(),
        onComplete: () => {
          if (onDone()) runner.stop();
          return Promise.resolve();
        },
      };
      // Its README's own runner, but for as many at once as ours has.
      const runner = new Runner(queue, functions, { concurrency: 50, pollIntervalMs: 1_000, timeoutSecs: 60 });
      await runner.run();
    },
  };
}

function numbers(rows: number): string {
  return `WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${String(rows)})`;
}

async function load<Module>(folder: string, file: string): Promise<Module> {
  return (await import(pathToFileURL(join(folder, 'node_modules', file)).href)) as Module;
}
