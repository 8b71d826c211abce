import { z } from 'zod';
import { ListHandedContexts } from '../../application/context/list-handed-contexts.js';
import { pageOf } from '../../application/page.js';
import { ChangeSession } from '../../application/session/change-session.js';
import { CountToolUses, ToolUseCounts } from '../../application/session/count-tool-uses.js';
import { ListPrompts } from '../../application/session/list-prompts.js';
import { GetSession, ListSessions } from '../../application/session/list-sessions.js';
import { SendPrompt, SentPrompt } from '../../application/session/send-prompt.js';
import { StartSession } from '../../application/session/start-session.js';
import { WatchSessions } from '../../application/session/watch-sessions.js';
import { GetSummary, SessionSummary } from '../../application/summary/get-summary.js';
import { HandedContext } from '../../domain/context/handed-context.js';
import { Prompt } from '../../domain/session/prompt.js';
import { Session } from '../../domain/session/session.js';
import { procedure, router } from './init.js';
import { FromPosition, positionOf, resumable } from './resume.js';

export const sessionRouter = router({
  get: procedure
    .input(GetSession)
    .output(Session)
    .query(({ ctx, input }) => ctx.app.getSession(input)),
  list: procedure
    .input(ListSessions.prefault({}))
    .output(pageOf(Session))
    .query(({ ctx, input }) => ctx.app.listSessions(input)),
  prompts: procedure
    .input(ListPrompts)
    .output(pageOf(Prompt))
    .query(({ ctx, input }) => ctx.app.listPrompts(input)),
  toolUses: procedure
    .input(CountToolUses)
    .output(ToolUseCounts)
    .query(({ ctx, input }) => ctx.app.countToolUses(input)),
  /** What it asked for, found, did and left open; null when there is nothing yet. */
  summary: procedure
    .input(GetSummary)
    .output(SessionSummary.nullable())
    .query(({ ctx, input }) => ctx.app.getSummary(input)),
  /** What of the memory was handed to it. */
  contexts: procedure
    .input(ListHandedContexts)
    .output(z.array(HandedContext))
    .query(({ ctx, input }) => ctx.app.listHandedContexts(input)),

  /** Opens the session that an agent of the caller's holds; null when nothing of it is to be remembered. */
  start: procedure
    .input(StartSession)
    .output(Session.nullable())
    .mutation(({ ctx, input }) => ctx.app.startSession(input)),
  summarize: procedure
    .input(GetSummary)
    .output(SessionSummary.nullable())
    .mutation(({ ctx, input }) => ctx.app.summarizeSession(input)),
  /** Goes on with a conversation: into the running turn, or with a task of its own. */
  prompt: procedure
    .input(SendPrompt)
    .output(SentPrompt)
    .mutation(({ ctx, input }) => ctx.app.sendPrompt(input)),
  pause: procedure
    .input(ChangeSession)
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.pauseSession(input)),
  resume: procedure
    .input(ChangeSession)
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.resumeSession(input)),
  close: procedure
    .input(ChangeSession)
    .output(Session)
    .mutation(({ ctx, input }) => ctx.app.closeSession(input)),

  /** What is said in sessions and how they start and end. */
  onUpdate: procedure
    .input(WatchSessions.extend(FromPosition).prefault({}))
    .subscription(({ ctx, input: { lastEventId, ...input }, signal }) =>
      resumable(ctx, signal, positionOf, (until) =>
        ctx.app.watchSessions({ ...input, after: lastEventId ?? input.after }, until),
      ),
    ),
});
