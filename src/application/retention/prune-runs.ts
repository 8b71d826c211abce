import { taskOfAttempt } from '../../domain/task/attempt.js';
import type { RunLimits } from '../../domain/task/expired-runs.js';
import { isFinished } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { Expired } from '../ports/expired.js';
import type { Read } from '../ports/transaction.js';

/** So many are looked for at once. */
const FOUND_AT_ONCE = 10_000;
/** So many are removed by one job, which a stop waits for. */
const REMOVED_AT_ONCE = 100;

export interface RunNeeds extends Pick<Dependencies, 'logger'> {
  readonly read: Read;
  readonly expired: Pick<Expired, 'runs' | 'removeRuns'>;
}

/** Removes what attempts have left, by age and by size; says of how many, and how much it was. Throws the signal's reason. */
export async function pruneRuns(
  { read, expired, logger }: RunNeeds,
  limits: RunLimits,
  signal: AbortSignal,
): Promise<{ directories: number; bytes: number }> {
  for (const total = { directories: 0, bytes: 0 }; ; ) {
    const { runs } = await expired.runs(limits, FOUND_AT_ONCE, signal);
    const before = total.directories;
    for (let at = 0; at < runs.length; at += REMOVED_AT_ONCE) {
      const found = runs.slice(at, at + REMOVED_AT_ONCE);
      const free = await stillFree(
        read,
        found.map(({ attempt }) => attempt),
      );
      const { removed, problem } = await expired.removeRuns(free, signal);
      if (problem !== null) logger.warn('the output of an attempt cannot be removed', { problem });
      const gone = new Set(removed);
      total.directories += gone.size;
      for (const { attempt, bytes } of found) if (gone.has(attempt)) total.bytes += bytes;
    }
    if (total.directories === before) return total;
  }
}

/** A task may have been retried since it was found. */
function stillFree(read: Read, attempts: readonly string[]): Promise<string[]> {
  return read(async ({ tasks }) => {
    const free: string[] = [];
    for (const attempt of attempts) {
      const taskId = taskOfAttempt(attempt);
      if (taskId === undefined) continue;
      const task = await tasks.find(taskId);
      if (task === undefined || isFinished(task)) free.push(attempt);
    }
    return free;
  });
}
