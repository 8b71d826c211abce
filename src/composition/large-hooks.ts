import { createTurnstile } from '../application/distil/turnstile.js';
import type { Workers } from '../application/ports/workers.js';
import type { ReadLargeHook } from '../interfaces/hooks/large-hook.js';
import type { WorkerJobs } from './worker-jobs.js';

/** Hooks that are read at once. The others wait here: the line of the threads is short, and others' too. */
const MAX_AT_ONCE = 2;
/** Longest time to read one, in milliseconds, with the wait for a thread: 16 MiB take up to 300. */
const READ_TIMEOUT_MS = 30_000;

/** Reads large hooks in the worker pool; `workers` is asked for with the first one. */
export function createReadLargeHook(
  workers: () => Pick<Workers<WorkerJobs>, 'run'>,
  exclude: readonly string[],
): ReadLargeHook {
  const turnstile = createTurnstile(MAX_AT_ONCE);
  return async (hook) => {
    using _place = await turnstile.enter();
    const { buffer, byteLength } = hook.bytes;
    // What shares its memory with others is copied.
    const transfer = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
    return await workers().run('readLargeHook', { ...hook, exclude }, { timeoutMs: READ_TIMEOUT_MS, transfer });
  };
}
