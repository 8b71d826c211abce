import { z } from 'zod';
import { QueueStats } from '../../application/queue/queue-stats.js';
import { procedure, router } from './init.js';

const Paused = z.object({ paused: z.boolean() });

export const queueRouter = router({
  stats: procedure.output(QueueStats).query(({ ctx }) => ctx.app.queueStats()),
  pause: procedure.output(Paused).mutation(({ ctx }) => ctx.app.pauseQueue(true)),
  resume: procedure.output(Paused).mutation(({ ctx }) => ctx.app.pauseQueue(false)),
});
