import { firedByRequest } from '../../domain/schedule/schedule-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { type EnqueuedTask, enqueueIn, refuseOverLimit } from '../task/enqueue-task.js';
import { createPrepare } from '../task/prepare-task.js';
import { findSchedule, type ScheduleReference } from './find-schedule.js';
import { commandOf } from './scheduled-task.js';

/** Enqueues a schedule's task now, also while it is paused; its next time stays. */
export function createRunSchedule(
  needs: Pick<Dependencies, 'transaction' | 'read' | 'clock' | 'newId' | 'profiles' | 'directories' | 'settings'>,
) {
  const { transaction, read, clock, settings } = needs;
  return async (reference: ScheduleReference): Promise<EnqueuedTask> => {
    const { task: command } = await read(({ schedules }) => findSchedule(schedules, reference));
    const prepared = await createPrepare(needs)(commandOf({ task: command }));
    return transaction(async (stores) => {
      const schedule = await findSchedule(stores.schedules, reference);
      await refuseOverLimit(stores, 1, settings.tasks.maxPending);
      const now = clock();
      const task = await enqueueIn(stores, prepared, needs, now);
      const { state, events } = firedByRequest(schedule, task, now);
      await stores.schedules.save(state);
      await stores.events.append(events);
      return task;
    });
  };
}
