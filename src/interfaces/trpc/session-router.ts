import { pageOf } from '../../application/page.js';
import { GetSession, ListSessions } from '../../application/session/list-sessions.js';
import { Session } from '../../domain/session/session.js';
import { procedure, router } from './init.js';

export const sessionRouter = router({
  get: procedure
    .input(GetSession)
    .output(Session)
    .query(({ ctx, input }) => ctx.app.getSession(input)),
  list: procedure
    .input(ListSessions.prefault({}))
    .output(pageOf(Session))
    .query(({ ctx, input }) => ctx.app.listSessions(input)),
});
