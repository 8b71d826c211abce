import type { Schedule } from '../../domain/schedule/schedule.js';
import type { ScheduleEvent } from '../../domain/schedule/schedule-event.js';
import { pauseSchedule, removeSchedule, resumeSchedule } from '../../domain/schedule/schedule-transitions.js';
import type { Change } from '../../domain/shared/change.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import { findSchedule, type ScheduleReference } from './find-schedule.js';
import { occurrencesOf } from './scheduled-task.js';

type Needs = Pick<Dependencies, 'transaction' | 'clock' | 'cron'>;

/** Has a schedule rest. */
export function createPauseSchedule(needs: Needs) {
  return (reference: ScheduleReference): Promise<Schedule> => change(needs, reference, pauseSchedule);
}

/** Has a paused schedule go on; what came up meanwhile was not missed. */
export function createResumeSchedule(needs: Needs) {
  return (reference: ScheduleReference): Promise<Schedule> =>
    change(needs, reference, (schedule, now) => resumeSchedule(schedule, occurrencesOf(schedule, needs.cron), now));
}

/** Removes a schedule; the tasks that it has enqueued stay. Gives it as it was. */
export function createRemoveSchedule({ transaction, clock }: Needs) {
  return (reference: ScheduleReference): Promise<Schedule> =>
    transaction(async ({ schedules, events }) => {
      const schedule = await findSchedule(schedules, reference);
      await schedules.remove(schedule.id);
      await events.append([removeSchedule(schedule, clock())]);
      return schedule;
    });
}

function change(
  { transaction, clock }: Needs,
  reference: ScheduleReference,
  decide: (schedule: Schedule, now: Timestamp) => Change<Schedule, ScheduleEvent>,
): Promise<Schedule> {
  return transaction(async ({ schedules, events }) => {
    const { state, events: facts } = decide(await findSchedule(schedules, reference), clock());
    await schedules.save(state);
    await events.append(facts);
    return state;
  });
}
