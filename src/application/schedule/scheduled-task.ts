import { z } from 'zod';
import type { Occurrences } from '../../domain/schedule/occurrences.js';
import { everyInterval } from '../../domain/schedule/occurrences.js';
import type { Schedule } from '../../domain/schedule/schedule.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { Cron } from '../ports/cron.js';
import { EnqueueTask } from '../task/enqueue-task.js';

/** What a schedule enqueues: all that a task may be, but when it runs, which the schedule says. */
export const ScheduledTask = z
  .strictObject(EnqueueTask.shape)
  .omit({ requestId: true, runAt: true, delayMs: true, deadline: true, after: true, onFailure: true })
  .check((context) => {
    // What a task's parts must have to do with each other.
    for (const { message, path } of EnqueueTask.safeParse(context.value).error?.issues ?? []) {
      context.issues.push({ code: 'custom', message, path, input: context.value });
    }
  });
export type ScheduledTask = z.infer<typeof ScheduledTask>;

/** The command for the next task of a schedule. Throws `invalid_input` if this version knows no such task any more. */
export function commandOf({ task }: Pick<Schedule, 'task'>): EnqueueTask {
  const read = ScheduledTask.safeParse(task);
  if (read.success) return read.data;
  const why = read.error.issues[0]?.message ?? 'its task cannot be read';
  throw new DomainError('invalid_input', `This version cannot enqueue it: ${why} Remove it and add it again.`);
}

/** When a schedule comes up. Throws `invalid_input` for a time zone that this machine does not know any more. */
export function occurrencesOf({ spec, createdAt }: Pick<Schedule, 'spec' | 'createdAt'>, cron: Cron): Occurrences {
  return 'cron' in spec ? cron.occurrences(spec) : everyInterval(spec.everyMs, createdAt);
}
