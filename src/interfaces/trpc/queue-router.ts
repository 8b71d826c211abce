import { z } from 'zod';
import { LimitQueue } from '../../application/queue/limit-queue.js';
import { LimitedPart, ListQueueLimits } from '../../application/queue/list-queue-limits.js';
import { PauseQueue } from '../../application/queue/pause-queue.js';
import { QueueStats } from '../../application/queue/queue-stats.js';
import { procedure, router } from './init.js';

const Paused = z.object({ paused: z.boolean() });

export const queueRouter = router({
  stats: procedure.output(QueueStats).query(({ ctx }) => ctx.app.queueStats()),
  limits: procedure
    .input(ListQueueLimits.prefault({}))
    .output(z.array(LimitedPart))
    .query(({ ctx, input }) => ctx.app.listQueueLimits(input)),
  limit: procedure
    .input(LimitQueue)
    .output(LimitedPart)
    .mutation(({ ctx, input }) => ctx.app.limitQueue(input)),
  pause: procedure
    .input(PauseQueue.prefault({}))
    .output(Paused)
    .mutation(({ ctx, input }) => ctx.app.pauseQueue(true, input)),
  resume: procedure
    .input(PauseQueue.prefault({}))
    .output(Paused)
    .mutation(({ ctx, input }) => ctx.app.pauseQueue(false, input)),
});
