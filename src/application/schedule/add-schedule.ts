import { z } from 'zod';
import {
  EveryMs,
  MAX_CRON_LENGTH,
  MAX_SCHEDULES,
  MissedPolicy,
  type Schedule,
  ScheduleName,
} from '../../domain/schedule/schedule.js';
import { nameFrom } from '../../domain/schedule/schedule-name.js';
import type { ScheduleReader } from '../../domain/schedule/schedule-repository.js';
import { addSchedule } from '../../domain/schedule/schedule-transitions.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { Dependencies } from '../dependencies.js';
import { createPrepare } from '../task/prepare-task.js';
import { occurrencesOf, ScheduledTask } from './scheduled-task.js';

/** Most characters of a time zone's name; the longest there is has 32. */
const MAX_ZONE_LENGTH = 64;

/** `timeZone` is this machine's when it is left out, `missed` is `once`, and `name` is taken from the prompt. */
export const AddSchedule = z
  .strictObject({
    name: ScheduleName.optional(),
    cron: z
      .string()
      .max(MAX_CRON_LENGTH, `A cron expression has at most ${String(MAX_CRON_LENGTH)} characters.`)
      .optional(),
    timeZone: z
      .string()
      .max(MAX_ZONE_LENGTH, `The name of a time zone has at most ${String(MAX_ZONE_LENGTH)} characters.`)
      .optional(),
    everyMs: EveryMs.optional(),
    missed: MissedPolicy.optional(),
    task: ScheduledTask,
  })
  .refine(
    ({ cron, everyMs }) => (cron === undefined) !== (everyMs === undefined),
    'Say when it runs: give cron or everyMs, and not both.',
  )
  .refine(
    ({ cron, timeZone }) => cron !== undefined || timeZone === undefined,
    'An interval has no time zone; give cron with it.',
  );
export type AddSchedule = z.infer<typeof AddSchedule>;

/** Adds a schedule. Its task must be one that could be enqueued now: unknown agents and directories are refused. */
export function createAddSchedule(
  needs: Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'cron' | 'profiles' | 'directories'>,
) {
  const { transaction, clock, newId, cron } = needs;
  return async (command: AddSchedule): Promise<Schedule> => {
    const { task, missed = 'once', everyMs } = command;
    const spec = everyMs === undefined ? cron.read(command.cron ?? '', command.timeZone) : { everyMs };
    await createPrepare(needs)(task);
    const now = clock();
    const occurrences = occurrencesOf({ spec, createdAt: now }, cron);
    return transaction(async ({ schedules, events }) => {
      if ((await schedules.count()) >= MAX_SCHEDULES) throw tooMany();
      const name = command.name ?? (await freeName(schedules, nameFrom(task.prompt)));
      const request = { id: newId('schedule'), name, spec, task: withoutGaps(task), missed };
      const { state, events: facts } = addSchedule(request, occurrences, now);
      await schedules.insert(state);
      await events.append(facts);
      return state;
    });
  };
}

/** Without the parts that were left out, as it is when it is read back. */
function withoutGaps(task: ScheduledTask): Schedule['task'] {
  return JSON.parse(JSON.stringify(task)) as Schedule['task'];
}

/** The name, or the first of `name-2`, `name-3` … that no schedule has. */
async function freeName(schedules: ScheduleReader, name: string): Promise<string> {
  for (let n = 2, free = name; ; free = `${name}-${String(n)}`, n += 1) {
    if ((await schedules.findByName(free)) === undefined) return free;
  }
}

function tooMany(): DomainError {
  return new DomainError(
    'limit_exceeded',
    `There are ${String(MAX_SCHEDULES)} schedules already, which is the most; remove one that is no longer needed.`,
  );
}
