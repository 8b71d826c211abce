import { pageOf } from '../../application/page.js';
import { AddSchedule } from '../../application/schedule/add-schedule.js';
import { ScheduleReference } from '../../application/schedule/find-schedule.js';
import { ListSchedules } from '../../application/schedule/list-schedules.js';
import { EnqueuedTask } from '../../application/task/enqueue-task.js';
import { Schedule } from '../../domain/schedule/schedule.js';
import { procedure, router } from './init.js';

export const scheduleRouter = router({
  get: procedure
    .input(ScheduleReference)
    .output(Schedule)
    .query(({ ctx, input }) => ctx.app.getSchedule(input)),
  list: procedure
    .input(ListSchedules.prefault({}))
    .output(pageOf(Schedule))
    .query(({ ctx, input }) => ctx.app.listSchedules(input)),

  add: procedure
    .input(AddSchedule)
    .output(Schedule)
    .mutation(({ ctx, input }) => ctx.app.addSchedule(input)),
  pause: procedure
    .input(ScheduleReference)
    .output(Schedule)
    .mutation(({ ctx, input }) => ctx.app.pauseSchedule(input)),
  resume: procedure
    .input(ScheduleReference)
    .output(Schedule)
    .mutation(({ ctx, input }) => ctx.app.resumeSchedule(input)),
  remove: procedure
    .input(ScheduleReference)
    .output(Schedule)
    .mutation(({ ctx, input }) => ctx.app.removeSchedule(input)),
  /** Enqueues its task now, and gives that; the next time stays. */
  run: procedure
    .input(ScheduleReference)
    .output(EnqueuedTask)
    .mutation(({ ctx, input }) => ctx.app.runSchedule(input)),
});
