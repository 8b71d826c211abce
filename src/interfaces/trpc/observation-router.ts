import { z } from 'zod';
import { ContextText, GetContext } from '../../application/context/get-context.js';
import { Exported, ExportMemory } from '../../application/memory/export-memory.js';
import { Forget, Forgotten } from '../../application/memory/forget.js';
import { ImportClaudeMem, ImportedClaudeMem } from '../../application/memory/import-claude-mem.js';
import { Imported, ImportMemory } from '../../application/memory/import-memory.js';
import { Prune, Pruned } from '../../application/memory/prune.js';
import { Requeue, Requeued } from '../../application/memory/requeue.js';
import { FoundMemory, SearchMemory } from '../../application/memory/search-memory.js';
import { MemoryTimeline, ShowTimeline } from '../../application/memory/show-timeline.js';
import { AddNote } from '../../application/observation/add-note.js';
import { GetObservations } from '../../application/observation/get-observations.js';
import { ListObservations } from '../../application/observation/list-observations.js';
import { WatchObservations } from '../../application/observation/watch-observations.js';
import { pageOf } from '../../application/page.js';
import { Recorded, RecordToolUses } from '../../application/session/record-tool-uses.js';
import { KeptObservation, Observation } from '../../domain/observation/observation.js';
import { procedure, router } from './init.js';
import { FromPosition, positionOf, resumable } from './resume.js';

export const observationRouter = router({
  get: procedure
    .input(GetObservations)
    .output(z.array(Observation))
    .query(({ ctx, input }) => ctx.app.getObservations(input)),
  /** What a session that begins now would be handed. */
  context: procedure
    .input(GetContext)
    .output(ContextText)
    .query(({ ctx, input }) => ctx.app.getContext(input)),
  /** Keeps a note of the user's. */
  add: procedure
    .input(AddNote)
    .output(KeptObservation)
    .mutation(({ ctx, input }) => ctx.app.addNote(input, 'user')),
  /** Takes out for good what is remembered. */
  forget: procedure
    .input(Forget)
    .output(Forgotten)
    .mutation(({ ctx, input }) => ctx.app.forget(input)),
  /** Writes all that is remembered to a new file. */
  export: procedure
    .input(ExportMemory)
    .output(Exported)
    .mutation(({ ctx, input }) => ctx.app.exportMemory(input)),
  /** Takes in a file that was exported. */
  import: procedure
    .input(ImportMemory)
    .output(Imported)
    .mutation(({ ctx, input }) => ctx.app.importMemory(input)),
  /** Takes in the database of claude-mem. */
  importClaudeMem: procedure
    .input(ImportClaudeMem)
    .output(ImportedClaudeMem)
    .mutation(({ ctx, input }) => ctx.app.importClaudeMem(input)),
  /** Leaves no byte of what was forgotten in the database. */
  prune: procedure
    .input(Prune.prefault({}))
    .output(Pruned)
    .mutation(({ ctx, input }) => ctx.app.prune(input)),
  /** Has the model try again what it failed on. */
  requeue: procedure
    .input(Requeue.prefault({}))
    .output(Requeued)
    .mutation(({ ctx, input }) => ctx.app.requeue(input)),
  list: procedure
    .input(ListObservations.prefault({}))
    .output(pageOf(KeptObservation))
    .query(({ ctx, input }) => ctx.app.listObservations(input)),

  /** What answers a question best: observations, notes, summaries and prompts. */
  search: procedure
    .input(SearchMemory.prefault({}))
    .output(FoundMemory)
    .query(({ ctx, input }) => ctx.app.searchMemory(input)),
  /** What was before and after, oldest first. */
  timeline: procedure
    .input(ShowTimeline)
    .output(MemoryTimeline)
    .query(({ ctx, input }) => ctx.app.showTimeline(input)),

  /** Takes tool uses of a session, each once; answered when they are on disk. */
  record: procedure
    .input(RecordToolUses)
    .output(Recorded)
    .mutation(({ ctx, input }) => ctx.app.recordToolUses(input, 'api')),

  /** Each observation as it is made. */
  onCreated: procedure
    .input(WatchObservations.extend(FromPosition).prefault({}))
    .subscription(({ ctx, input: { lastEventId, ...input }, signal }) =>
      resumable(ctx, signal, positionOf, (until) =>
        ctx.app.watchObservations({ ...input, after: lastEventId ?? input.after }, until),
      ),
    ),
});
