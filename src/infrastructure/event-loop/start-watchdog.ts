import { once } from 'node:events';
import { url as debuggerUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../../application/ports/logger.js';
import type { WatchdogTask } from './watchdog-task.js';
import type { WorkNotes } from './work-notes.js';

/** The loop is looked at so many times before it counts as dead. */
const LOOKS = 3;
/**
 * What the thread may hold, in MB: it needs 5 to start and then almost nothing. Without a limit V8 would reserve as much
 * for it as for the whole server.
 */
const HEAP = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 };

export interface WatchdogOptions extends Omit<WatchdogTask, 'buffer' | 'lookMs'> {
  /** The built file of the thread. */
  readonly program: string;
  readonly notes: WorkNotes;
  readonly logger: Pick<Logger, 'error'>;
}

export interface Watchdog {
  /** Ends the thread and resolves when it has. */
  close(): Promise<void>;
}

/**
 * Starts the thread that ends this process, with SIGKILL, when its event loop has not turned for `deadMs`; resolves when
 * it watches. The main thread wakes up for it every third of that time.
 */
export async function startWatchdog({ program, notes, deadMs, logFile, logger }: WatchdogOptions): Promise<Watchdog> {
  const task: WatchdogTask = { buffer: notes.buffer, deadMs, lookMs: deadMs / LOOKS, logFile };
  // Neither flags nor variables of this process are for a thread that loads nothing but itself.
  const thread = new Worker(program, { workerData: task, execArgv: [], env: {}, resourceLimits: HEAP });
  const ended = new Promise<void>((resolve) => {
    thread.once('exit', () => resolve());
  });
  const beat = () => notes.beat(debuggerUrl() !== undefined);
  beat();
  thread.on('message', beat);
  await once(thread, 'online');
  thread.on('error', (error) => logger.error('the watchdog thread broke', { error }));
  thread.unref();
  return {
    async close() {
      thread.ref();
      notes.stop();
      await ended;
    },
  };
}
