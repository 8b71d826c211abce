import { z } from 'zod';
import type { Schedule } from '../../domain/schedule/schedule.js';
import type { ScheduleReader } from '../../domain/schedule/schedule-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import { isId } from '../../domain/shared/id.js';

/** Most characters of what may name a schedule. */
const MAX_REFERENCE = 100;

/** Which schedule is meant: its id or its name. */
export const ScheduleReference = z.strictObject({ schedule: z.string().min(1).max(MAX_REFERENCE) });
export type ScheduleReference = z.infer<typeof ScheduleReference>;

/** Throws `not_found`. */
export async function findSchedule(schedules: ScheduleReader, { schedule }: ScheduleReference): Promise<Schedule> {
  const found = isId('schedule', schedule) ? await schedules.find(schedule) : await schedules.findByName(schedule);
  if (found === undefined) throw notFound('schedule', schedule);
  return found;
}
