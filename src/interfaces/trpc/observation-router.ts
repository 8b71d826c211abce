import { ListObservations } from '../../application/observation/list-observations.js';
import { pageOf } from '../../application/page.js';
import { Recorded, RecordToolUses } from '../../application/session/record-tool-uses.js';
import { KeptObservation } from '../../domain/observation/observation.js';
import { procedure, router } from './init.js';

export const observationRouter = router({
  list: procedure
    .input(ListObservations.prefault({}))
    .output(pageOf(KeptObservation))
    .query(({ ctx, input }) => ctx.app.listObservations(input)),

  /** Takes tool uses of a session, each once; answered when they are on disk. */
  record: procedure
    .input(RecordToolUses)
    .output(Recorded)
    .mutation(({ ctx, input }) => ctx.app.recordToolUses(input, 'api')),
});
