import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import type { Logger } from '../../application/ports/logger.js';
import type { Timer } from '../../application/ports/timer.js';
import type { JobOptions, JobTable, Workers } from '../../application/ports/workers.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import { messageOf } from '../../domain/shared/thrown.js';
import { type JobAnswer, type JobRequest, outputOf } from './job-runner.js';
import { createWaitingLine } from './waiting-line.js';

/** Jobs that run at once. Two, so that a long backup holds nothing else up, and most of a machine is left to agents. */
const MAX_THREADS = 2;
/** Jobs that may wait for a thread; each holds its input, so 64 of them are little. */
const MAX_WAITING_JOBS = 64;
/** A thread with nothing to do ends after this long, in milliseconds; starting one costs some 30. */
const IDLE_TIMEOUT_MS = 60_000;
/** Heap of one thread, in MiB. A job that needs more loses its thread, and not the server. */
const MAX_HEAP_MB = 512;

export interface WorkerPoolOptions {
  /** Absolute path of the module that a thread loads; it exports `runJob` (see job-runner.ts). */
  readonly entry: string;
  /** Node's own arguments for a thread, instead of those of this process. */
  readonly execArgv?: string[] | undefined;
  readonly timer: Timer;
  readonly logger: Pick<Logger, 'error'>;
  readonly maxThreads?: number;
  readonly maxWaiting?: number;
  readonly maxHeapMb?: number;
  readonly idleTimeoutMs?: number;
}

export interface WorkerPool<Jobs extends JobTable> extends Workers<Jobs>, AsyncDisposable {
  /** Threads that are there at this moment. */
  threads(): number;
  /** Sends waiting jobs away, ends the running ones and resolves when no thread is left. Idempotent. */
  close(): Promise<void>;
}

/** How a job goes to its thread. */
interface Handing {
  readonly signal: AbortSignal;
  readonly transfer: readonly ArrayBuffer[];
}

/**
 * A pool of threads that appears with its first job: until then nothing is loaded. piscina keeps the threads; who waits
 * is kept here, because piscina leaves its own queue alone when a thread dies and no other one is there.
 */
export function createWorkerPool<Jobs extends JobTable>(options: WorkerPoolOptions): WorkerPool<Jobs> {
  const { timer, logger, maxThreads = MAX_THREADS, maxWaiting = MAX_WAITING_JOBS } = options;
  const line = createWaitingLine({ places: maxThreads, maxWaiting });
  /** Each calls its job off. */
  const running = new Set<(reason: unknown) => void>();
  const alive = new Set<Worker>();
  let opening: Promise<Piscina> | undefined;
  let opened: Piscina | undefined;
  let closed: Promise<void> | undefined;

  async function open(): Promise<Piscina> {
    const { Piscina } = await import('piscina');
    const pool = new Piscina({
      filename: options.entry,
      name: 'runJob',
      ...(options.execArgv !== undefined && { execArgv: options.execArgv }),
      minThreads: 0,
      maxThreads,
      idleTimeout: options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
      // A thread that waits with Atomics stops whatever its last job has left to do.
      atomics: 'disabled',
      recordTiming: false,
      resourceLimits: { maxOldGenerationSizeMb: options.maxHeapMb ?? MAX_HEAP_MB },
    });
    pool.on('workerCreate', () => {
      for (const thread of pool.threads.filter((each) => !alive.has(each))) {
        alive.add(thread);
        thread.once('exit', () => alive.delete(thread));
      }
    });
    pool.on('error', (error: unknown) => {
      logger.error('a worker thread failed', { error });
      // One that could not even start leaves its job waiting for a thread that nobody starts.
      if (pool.threads.length === 0) for (const callOff of running) callOff(error);
    });
    opened = pool;
    return pool;
  }

  async function runIn(request: JobRequest, hand: Handing, ended: () => Promise<void>): Promise<unknown> {
    await line.enter(hand.signal);
    try {
      const pool = await (opening ??= open());
      return outputOf(await handOver(pool, request, hand));
    } finally {
      await ended();
      line.leave();
    }
  }

  async function handOver(pool: Piscina, request: JobRequest, { signal, transfer }: Handing): Promise<JobAnswer> {
    try {
      return (await pool.run(request, { signal, transferList: [...transfer] })) as JobAnswer;
    } catch (cause) {
      signal.throwIfAborted();
      if (closed !== undefined) throw stopping();
      throw new Error(`The job "${request.name}" ended its worker thread: ${messageOf(cause)}`, { cause });
    }
  }

  async function run(name: string, input: unknown, { timeoutMs, signal, transfer = [] }: JobOptions): Promise<unknown> {
    // A signal of its own: the caller's may live long, and must not gather listeners.
    const controller = new AbortController();
    let ended = Promise.resolve();
    const callOff = (reason: unknown) => {
      const before = opened?.threads ?? [];
      controller.abort(reason);
      ended = exitOf(before.filter((thread) => opened?.threads.includes(thread) === false));
    };
    const passOn = () => callOff(signal?.reason);
    const cancelTimer = timer(timeoutMs, () => {
      callOff(new DomainError('limit_exceeded', `The job "${name}" was ended after ${timeoutMs} ms.`));
    });
    running.add(callOff);
    signal?.addEventListener('abort', passOn, { once: true });
    if (signal?.aborted === true) passOn();
    try {
      return await runIn({ name, input }, { signal: controller.signal, transfer }, () => ended);
    } finally {
      cancelTimer();
      running.delete(callOff);
      signal?.removeEventListener('abort', passOn);
    }
  }

  async function closeAll(): Promise<void> {
    line.close(stopping());
    const pool = await opening;
    const ended = exitOf([...alive]);
    await pool?.destroy();
    await ended;
  }

  const pool: WorkerPool<Jobs> = {
    // The thread runs the job of this name, so what comes back is of its type.
    run: (name, input, jobOptions) => run(name, input, jobOptions) as Promise<never>,
    threads: () => alive.size,
    close: () => (closed ??= closeAll()),
    [Symbol.asyncDispose]: () => pool.close(),
  };
  return pool;
}

/** Resolves when these threads, which run, have ended. */
async function exitOf(threads: readonly Worker[]): Promise<void> {
  await Promise.all(threads.map((thread) => new Promise((resolve) => thread.once('exit', resolve))));
}

function stopping(): DomainError {
  return new DomainError('unavailable', 'The server is stopping; no more jobs are run.');
}
