import type { Expired } from '../application/ports/expired.js';
import type { Workers } from '../application/ports/workers.js';
import type { HomePaths } from '../home/home-paths.js';
import type { WorkerJobs } from './worker-jobs.js';

/** A walk through everything that takes longer has hung, in milliseconds: some 20 GB. */
const FIND_TIMEOUT_MS = 600_000;

/** Finds what has ended its time in worker threads, and removes files there. */
export function createExpired(workers: Workers<WorkerJobs>, paths: Pick<HomePaths, 'database' | 'runs'>): Expired {
  const { database, runs: runsDirectory } = paths;
  const options = (signal: AbortSignal) => ({ timeoutMs: FIND_TIMEOUT_MS, signal });
  return {
    count: (moments, signal) => workers.run('countExpired', { database, moments }, options(signal)),
    tasks: (before, limit, signal) => workers.run('findExpiredTasks', { database, before, limit }, options(signal)),
    agents: (before, limit, signal) => workers.run('findExpiredAgents', { database, before, limit }, options(signal)),
    toolUseTexts: (before, limit, signal) =>
      workers.run('findExpiredTexts', { database, before, limit }, options(signal)),
    runs: (limits, limit, signal) =>
      workers.run('findExpiredRuns', { runsDirectory, database, limits, limit }, options(signal)),
    removeRuns: (attempts, signal) => workers.run('removeRuns', { runsDirectory, attempts }, options(signal)),
  };
}
