import { z } from 'zod';
import { isId, ScheduleId, TaskId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';

/** Most schedules of a server: far more than anybody keeps an eye on. */
export const MAX_SCHEDULES = 1_000;
/** Most characters of a cron expression: every field may be a long list. */
export const MAX_CRON_LENGTH = 500;

/** Shortest interval, in milliseconds: what comes oftener is a loop for a command of its own. */
const MIN_EVERY_MS = 1_000;
/** Longest interval, in milliseconds: a year. Longer is a mistake in units. */
const MAX_EVERY_MS = 365 * 24 * 3_600_000;

export const ScheduleName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'A schedule is named with 1 to 64 letters, digits, ".", "_" or "-", the first one a letter or digit.',
  )
  .refine((name) => !isId('schedule', name), 'A schedule cannot be named like an id; choose another name.');

const EVERY = `An interval is from 1s to 365d: a whole number of milliseconds from ${String(MIN_EVERY_MS)} to ${String(MAX_EVERY_MS)}.`;
export const EveryMs = z.int(EVERY).min(MIN_EVERY_MS, EVERY).max(MAX_EVERY_MS, EVERY);

/** By the calendar and clock of a time zone, or at every interval since the schedule was made. */
const ScheduleSpec = z.union([
  z.strictObject({ cron: z.string(), timeZone: z.string() }),
  z.strictObject({ everyMs: EveryMs }),
]);

/** What becomes of the times that passed while nothing could run: nothing, one task for all of them, or one for each. */
export const MissedPolicy = z.enum(['skip', 'once', 'all']);
export type MissedPolicy = z.infer<typeof MissedPolicy>;

/** What is enqueued, as `task.enqueue` takes it; read anew each time, so that it may be older than the program. */
const ScheduledCommand = z
  .object({ prompt: z.string(), workspace: z.string(), agent: z.string().exactOptional() })
  .catchall(z.json());

const common = z.object({
  id: ScheduleId,
  name: z.string(),
  spec: ScheduleSpec,
  task: ScheduledCommand,
  missed: MissedPolicy,
  createdAt: Timestamp,
  /** The latest time that was dealt with, by a task or by leaving it out; when it was made, before the first. */
  handledUntil: Timestamp,
  /** When it enqueued a task last, and which. */
  lastAt: Timestamp.nullable(),
  lastTaskId: TaskId.nullable(),
  /** Why it could not enqueue one the last time; null when it could. */
  lastError: z.object({ at: Timestamp, code: z.string(), message: z.string() }).nullable(),
});

/** `nextAt` is null for one whose time can no longer be told; `lastError` says why. */
const ActiveSchedule = common.extend({ status: z.literal('active'), nextAt: Timestamp.nullable() });
export type ActiveSchedule = z.infer<typeof ActiveSchedule>;

const PausedSchedule = common.extend({ status: z.literal('paused'), nextAt: z.null() });
export type PausedSchedule = z.infer<typeof PausedSchedule>;

/** Enqueues a task whenever its time comes. While it is paused, no time comes, and none is missed. */
export const Schedule = z.discriminatedUnion('status', [ActiveSchedule, PausedSchedule]);
export type Schedule = z.infer<typeof Schedule>;
