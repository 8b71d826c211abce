import type { Timestamp } from '../shared/timestamp.js';

/** What an attempt has left in its directory. */
export interface Run {
  /** The attempt's name. */
  readonly attempt: string;
  readonly bytes: number;
  /** When something in it was written last. */
  readonly changedAt: Timestamp;
}

/** When the task of a run finished: null while it has not, undefined for a task that is not there. */
export type RunEnd = Timestamp | null | undefined;

export interface RunLimits {
  readonly now: Timestamp;
  /** Runs go that were written last before this moment, and whose task is gone or goes. */
  readonly before: Timestamp;
  /** Of all runs together; Infinity for no limit. */
  readonly maxBytes: number;
}

export interface ExpiredRuns {
  readonly runs: readonly Pick<Run, 'attempt' | 'bytes'>[];
  readonly directories: number;
  readonly bytes: number;
}

/** What has just finished may still be written to or read, in milliseconds: its processes end within some seconds. */
const JUST_FINISHED_MS = 60_000;

/**
 * Which runs go: those without a task that are old, then the ones that finished first until the rest is within its
 * limit. What belongs to a task that has not finished, or only just, stays. `goes`: whether the task will be removed by
 * its age.
 */
export function expiredRuns(
  runs: readonly (Run & { readonly end: RunEnd; readonly goes: boolean })[],
  { now, before, maxBytes }: RunLimits,
): Run[] {
  const isOld = (run: (typeof runs)[number]) => (run.end === undefined || run.goes) && run.changedAt < before;
  const gone = runs.filter(isOld);
  const ended = runs
    .filter((run) => !isOld(run))
    .map((run) => ({ run, at: run.end === undefined ? run.changedAt : run.end }))
    .filter(
      (entry): entry is typeof entry & { at: Timestamp } => entry.at !== null && entry.at < now - JUST_FINISHED_MS,
    )
    .sort((a, b) => a.at - b.at || (a.run.attempt < b.run.attempt ? -1 : 1));
  let left = sumOf(runs) - sumOf(gone);
  for (const { run } of ended) {
    if (left <= maxBytes) break;
    gone.push(run);
    left -= run.bytes;
  }
  return gone;
}

function sumOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { bytes }) => sum + bytes, 0);
}
