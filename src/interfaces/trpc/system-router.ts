import { z } from 'zod';
import { PrunedExpired, PruneExpired } from '../../application/retention/prune-expired.js';
import { BackupTaken, TakeBackup } from '../../application/system/take-backup.js';
import { describeHealth, Health } from '../http/health.js';
import { procedure, router } from './init.js';
import { Replace, Replaced, replaceServer } from './replace-server.js';
import { describeServer, SystemStatus } from './server-status.js';

const Shutdown = z.strictObject({ reason: z.string().min(1).max(200).optional() });

export const systemRouter = router({
  health: procedure.output(Health).query(({ ctx }) => describeHealth(ctx.server)),
  status: procedure
    .output(SystemStatus)
    .query(async ({ ctx }) => ({ server: describeServer(ctx.server), ...(await ctx.app.getStatus()) })),

  backup: procedure
    .input(TakeBackup.optional())
    .output(BackupTaken)
    .mutation(({ ctx, input }) => ctx.app.takeBackup(input ?? {})),

  /** Removes what has ended its time, or only counts it. */
  prune: procedure
    .input(PruneExpired.prefault({}))
    .output(PrunedExpired)
    .mutation(({ ctx, input }) => ctx.app.pruneExpired(input, ctx.closing)),

  /** Asks the server to drain and end; the answer comes before it does. */
  shutdown: procedure
    .input(Shutdown.optional())
    .output(z.object({ instanceId: z.string() }))
    .mutation(({ ctx, input }) => {
      ctx.server.shutdown(input?.reason ?? 'Asked to by a client.');
      return { instanceId: ctx.server.instanceId };
    }),

  /** Asks this very server to make way for one of the same version or a newer one; the answer comes before it does. */
  replace: procedure
    .input(Replace)
    .output(Replaced)
    .mutation(({ ctx, input }) => replaceServer(ctx.server, input)),
});
