import { z } from 'zod';
import { Timestamp } from '../../domain/shared/timestamp.js';
import { TaskErrorCode } from '../../domain/task/task.js';
import { addTo, count, type DurationHistogram, emptyHistogram, quantiles } from './duration-histogram.js';

const MINUTE_MS = 60_000;
/** Minutes that are kept, each with counts of its own, so that the oldest falls out by itself. */
const MINUTES = 60;
export const HOUR_MS = MINUTES * MINUTE_MS;

const Count = z.int().nonnegative();

const Durations = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });

/**
 * What the queue did in the last hour, by whole minutes and the running one. Durations are in milliseconds, off by at most
 * 6 %; null where nothing was timed.
 */
export const LastHour = z.object({
  /** From when on it counts: later than an hour ago while the log is still read, and where that holds too much. */
  since: Timestamp,
  /** Tasks that finished. */
  completed: Count,
  failed: Count,
  /** The same, for a minute on average. */
  perMinute: z.object({ completed: z.number().nonnegative(), failed: z.number().nonnegative() }),
  /** From when a task could run until an agent was given it. */
  waitingMs: Durations.nullable(),
  /** How long an attempt ran that completed or failed. */
  runningMs: Durations.nullable(),
  /** Attempts that failed, and tasks that failed without one, by error code. */
  failures: z.partialRecord(TaskErrorCode, Count),
});
export type LastHour = z.infer<typeof LastHour>;

/** One minute: some 2 kB. */
interface Minute {
  readonly number: number;
  completed: number;
  failed: number;
  readonly waiting: DurationHistogram;
  readonly running: DurationHistogram;
  readonly failures: Map<TaskErrorCode, number>;
}

/** Counts that fall out after an hour. Every moment is the wall clock's. */
export interface HourOfCounts {
  completed(at: Timestamp): void;
  failed(at: Timestamp): void;
  attemptFailed(at: Timestamp, code: TaskErrorCode): void;
  waited(at: Timestamp, ms: number): void;
  ran(at: Timestamp, ms: number): void;
  /** What was counted in the hour before `now`, and after `since`. */
  read(now: Timestamp, since: Timestamp): LastHour;
}

export function createHourOfCounts(): HourOfCounts {
  const minutes: (Minute | undefined)[] = Array.from({ length: MINUTES }, () => undefined);

  function minuteOf(at: Timestamp): Minute {
    const number = Math.floor(at / MINUTE_MS);
    const known = minutes[number % MINUTES];
    // Of another hour, past or, by a wrong clock, to come.
    if (known?.number === number) return known;
    const fresh = {
      number,
      completed: 0,
      failed: 0,
      waiting: emptyHistogram(),
      running: emptyHistogram(),
      failures: new Map<TaskErrorCode, number>(),
    };
    minutes[number % MINUTES] = fresh;
    return fresh;
  }

  return {
    completed(at) {
      minuteOf(at).completed += 1;
    },
    failed(at) {
      minuteOf(at).failed += 1;
    },
    attemptFailed(at, code) {
      const { failures } = minuteOf(at);
      failures.set(code, (failures.get(code) ?? 0) + 1);
    },
    waited(at, ms) {
      count(minuteOf(at).waiting, ms);
    },
    ran(at, ms) {
      count(minuteOf(at).running, ms);
    },
    read(now, since) {
      const last = Math.floor(now / MINUTE_MS);
      const kept = minutes.filter((minute): minute is Minute => {
        return minute !== undefined && minute.number > last - MINUTES && minute.number <= last;
      });
      return summed(kept, Math.max(since, now - HOUR_MS), now);
    },
  };
}

function summed(minutes: readonly Minute[], since: Timestamp, now: Timestamp): LastHour {
  const [waiting, running] = [emptyHistogram(), emptyHistogram()];
  const failures: LastHour['failures'] = {};
  let [completed, failed] = [0, 0];
  for (const minute of minutes) {
    completed += minute.completed;
    failed += minute.failed;
    addTo(waiting, minute.waiting);
    addTo(running, minute.running);
    for (const [code, n] of minute.failures) failures[code] = (failures[code] ?? 0) + n;
  }
  const length = Math.max(1, (now - since) / MINUTE_MS);
  const perMinute = { completed: completed / length, failed: failed / length };
  const [waitingMs, runningMs] = [durations(waiting), durations(running)];
  return { since, completed, failed, perMinute, waitingMs, runningMs, failures };
}

function durations(histogram: DurationHistogram): LastHour['waitingMs'] {
  const found = quantiles(histogram, [0.5, 0.95, 0.99]);
  if (found === null) return null;
  const [p50 = 0, p95 = 0, p99 = 0] = found;
  return { p50, p95, p99 };
}
