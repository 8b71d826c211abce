import type { Clock } from '../application/ports/clock.js';
import type { Expired } from '../application/ports/expired.js';
import type { Workers } from '../application/ports/workers.js';
import type { Timestamp } from '../domain/shared/timestamp.js';
import type { HomePaths } from '../home/home-paths.js';
import { hasRuns } from '../infrastructure/filesystem/run-directories.js';
import type { OldestRows } from '../infrastructure/sqlite/oldest-rows.js';
import type { WorkerJobs } from './worker-jobs.js';

/** A walk through everything that takes longer has hung, in milliseconds: some 20 GB. */
const FIND_TIMEOUT_MS = 600_000;

export interface ExpiredOptions {
  readonly workers: Workers<WorkerJobs>;
  readonly paths: Pick<HomePaths, 'database' | 'runs'>;
  readonly oldest: () => OldestRows;
  readonly clock: Clock;
}

/**
 * Finds what has ended its time in worker threads, and removes files there. Where nothing is old enough, which is so
 * nearly always, no thread is started and nothing walked through.
 */
export function createExpired({ workers, paths, oldest, clock }: ExpiredOptions): Expired {
  const { database, runs: runsDirectory } = paths;
  const options = (signal: AbortSignal) => ({ timeoutMs: FIND_TIMEOUT_MS, signal });
  // What is of the future was dated by a clock that was wrong, and says nothing of the rest.
  const isOld = (kind: keyof OldestRows, before: Timestamp): boolean => {
    const at = oldest()[kind];
    return at !== null && (at < before || at > clock());
  };
  return {
    count: (moments, signal) => workers.run('countExpired', { database, moments }, options(signal)),
    tasks: async (before, limit, signal) =>
      isOld('tasks', before) ? workers.run('findExpiredTasks', { database, before, limit }, options(signal)) : [],
    agents: async (before, limit, signal) =>
      isOld('agents', before) ? workers.run('findExpiredAgents', { database, before, limit }, options(signal)) : [],
    toolUseTexts: async (before, limit, signal) =>
      isOld('toolUseTexts', before)
        ? workers.run('findExpiredTexts', { database, before, limit }, options(signal))
        : [],
    runs: async (limits, limit, signal) =>
      (await hasRuns(runsDirectory))
        ? workers.run('findExpiredRuns', { runsDirectory, database, limits, limit }, options(signal))
        : { runs: [], directories: 0, bytes: 0 },
    removeRuns: (attempts, signal) => workers.run('removeRuns', { runsDirectory, attempts }, options(signal)),
  };
}
