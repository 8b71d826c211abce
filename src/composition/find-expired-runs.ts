import { taskOfAttempt } from '../domain/task/attempt.js';
import { type ExpiredRuns, expiredRuns, type RunLimits } from '../domain/task/expired-runs.js';
import { listRuns } from '../infrastructure/filesystem/run-directories.js';
import { findRunEnds } from '../infrastructure/sqlite/find-expired.js';

export interface FindExpiredRuns {
  readonly runsDirectory: string;
  readonly database: string;
  readonly limits: RunLimits;
  readonly limit: number;
}

/**
 * Which runs may go: it takes the directories from one adapter and the tasks from another. The directories come first:
 * an attempt has its task before it has a directory. For a worker thread.
 */
export function findExpiredRuns({ runsDirectory, database, limits, limit }: FindExpiredRuns): ExpiredRuns {
  const runs = listRuns(runsDirectory).flatMap((run) => {
    const taskId = taskOfAttempt(run.attempt);
    return taskId === undefined ? [] : [{ ...run, taskId }];
  });
  const ends = findRunEnds(
    database,
    runs.map(({ taskId }) => taskId),
    limits.before,
  );
  const known = runs.map((run, index) => ({ ...run, end: ends[index]?.end, goes: ends[index]?.goes === true }));
  const gone = expiredRuns(known, limits);
  return {
    runs: gone.slice(0, limit).map(({ attempt, bytes }) => ({ attempt, bytes })),
    directories: gone.length,
    bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
