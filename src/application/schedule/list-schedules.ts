import { z } from 'zod';
import type { Schedule } from '../../domain/schedule/schedule.js';
import { ScheduleId } from '../../domain/shared/id.js';
import { listedText } from '../../domain/task/listed-text.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';
import { findSchedule, type ScheduleReference } from './find-schedule.js';

export function createGetSchedule({ read }: Pick<Dependencies, 'read'>) {
  return (reference: ScheduleReference): Promise<Schedule> =>
    read(({ schedules }) => findSchedule(schedules, reference));
}

export const ListSchedules = z.strictObject({ cursor: ScheduleId.optional(), limit: PageSize });
export type ListSchedules = z.infer<typeof ListSchedules>;

/** The schedules, newest first, with the beginnings of long prompts. */
export function createListSchedules({ read }: Pick<Dependencies, 'read'>) {
  return ({ cursor, limit }: ListSchedules): Promise<Page<Schedule>> =>
    read(async ({ schedules }) => {
      const rows = await schedules.list({ before: cursor, limit: limit + 1 });
      return toPage(rows.map(listed), limit);
    });
}

function listed(schedule: Schedule): Schedule {
  return { ...schedule, task: { ...schedule.task, prompt: listedText(schedule.task.prompt) } };
}
