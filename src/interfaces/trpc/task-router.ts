import { z } from 'zod';
import { pageOf } from '../../application/page.js';
import { CancelTasks } from '../../application/task/bulk/cancel-many.js';
import { ChangedMany } from '../../application/task/bulk/change-many.js';
import { TaskCount } from '../../application/task/bulk/count-tasks.js';
import { DiscardTasks } from '../../application/task/bulk/discard-many.js';
import { RetryTasks } from '../../application/task/bulk/retry-many.js';
import { CountTasks } from '../../application/task/bulk/task-selection.js';
import { CancelTask } from '../../application/task/cancel-task.js';
import { ChangeTask } from '../../application/task/change-task.js';
import { DiscardTask } from '../../application/task/discard-task.js';
import { EnqueuedGraph, EnqueueGraph } from '../../application/task/enqueue-graph.js';
import { EnqueuedTask, EnqueueTask, EnqueueTasks } from '../../application/task/enqueue-task.js';
import { EarlierResult } from '../../application/task/get-results.js';
import { GetTask, TaskOutcome } from '../../application/task/get-task.js';
import { TaskTree } from '../../application/task/get-task-tree.js';
import { ListTasks } from '../../application/task/list-tasks.js';
import { RetryTask } from '../../application/task/retry-task.js';
import { WatchOutput } from '../../application/task/watch-output.js';
import { WatchTask } from '../../application/task/watch-task.js';
import { GetUsage, TaskUsage } from '../../application/usage/get-usage.js';
import { Task } from '../../domain/task/task.js';
import { procedure, router } from './init.js';
import { FromOutput, FromPosition, nextOf, positionOf, resumable } from './resume.js';

export const taskRouter = router({
  get: procedure
    .input(GetTask)
    .output(Task)
    .query(({ ctx, input }) => ctx.app.getTask(input)),
  list: procedure
    .input(ListTasks.prefault({}))
    .output(pageOf(Task))
    .query(({ ctx, input }) => ctx.app.listTasks(input)),
  count: procedure
    .input(CountTasks)
    .output(TaskCount)
    .query(({ ctx, input }) => ctx.app.countTasks(input)),
  result: procedure
    .input(GetTask)
    .output(TaskOutcome)
    .query(({ ctx, input }) => ctx.app.getResult(input)),
  /** What the tasks gave that this one comes after. */
  results: procedure
    .input(GetTask)
    .output(z.array(EarlierResult))
    .query(({ ctx, input }) => ctx.app.getResults(input)),
  tree: procedure
    .input(GetTask)
    .output(TaskTree)
    .query(({ ctx, input }) => ctx.app.getTaskTree(input)),
  /** The tokens and the money that its agents have used, as far as they told. */
  usage: procedure
    .input(GetUsage)
    .output(TaskUsage)
    .query(({ ctx, input }) => ctx.app.getUsage(input)),

  enqueue: procedure
    .input(EnqueueTask)
    .output(EnqueuedTask)
    .mutation(({ ctx, input }) => ctx.app.enqueueTask(input)),
  enqueueMany: procedure
    .input(EnqueueTasks)
    .output(z.array(EnqueuedTask))
    .mutation(({ ctx, input }) => ctx.app.enqueueTasks(input)),
  enqueueGraph: procedure
    .input(EnqueueGraph)
    .output(EnqueuedGraph)
    .mutation(({ ctx, input }) => ctx.app.enqueueGraph(input)),
  cancel: procedure
    .input(CancelTask)
    .output(Task)
    .mutation(({ ctx, input }) => ctx.app.cancelTask(input)),
  change: procedure
    .input(ChangeTask)
    .output(Task)
    .mutation(({ ctx, input }) => ctx.app.changeTask(input)),
  retry: procedure
    .input(RetryTask)
    .output(Task)
    .mutation(({ ctx, input }) => ctx.app.retryTask(input)),
  /** Takes a failed or cancelled task out for good. */
  discard: procedure
    .input(DiscardTask)
    .output(Task)
    .mutation(({ ctx, input }) => ctx.app.discardTask(input)),

  cancelMany: procedure
    .input(CancelTasks)
    .output(ChangedMany)
    .mutation(({ ctx, input }) => ctx.app.cancelTasks(input)),
  retryMany: procedure
    .input(RetryTasks)
    .output(ChangedMany)
    .mutation(({ ctx, input }) => ctx.app.retryTasks(input)),
  discardMany: procedure
    .input(DiscardTasks)
    .output(ChangedMany)
    .mutation(({ ctx, input }) => ctx.app.discardTasks(input)),

  /** The task now, then at every change, until it has finished. */
  onUpdate: procedure
    .input(WatchTask.extend(FromPosition))
    .subscription(({ ctx, input: { lastEventId, ...input }, signal }) =>
      resumable(ctx, signal, positionOf, (until) =>
        ctx.app.watchTask({ ...input, after: lastEventId ?? input.after }, until),
      ),
    ),
  /** The task's output, attempt after attempt, until it ends. */
  output: procedure
    .input(WatchOutput.extend(FromOutput))
    .subscription(({ ctx, input: { lastEventId, ...input }, signal }) =>
      resumable(ctx, signal, nextOf, (until) =>
        ctx.app.watchOutput({ ...input, from: lastEventId ?? input.from }, until),
      ),
    ),
});
