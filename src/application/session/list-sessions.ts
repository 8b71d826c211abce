import { z } from 'zod';
import { type Session, SessionStatus } from '../../domain/session/session.js';
import { SessionId, WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';

export const GetSession = z.strictObject({ sessionId: SessionId });
export type GetSession = z.infer<typeof GetSession>;

export function createGetSession({ read }: Pick<Dependencies, 'read'>) {
  return ({ sessionId }: GetSession): Promise<Session> => read(({ sessions }) => sessions.get(sessionId));
}

export const ListSessions = z.strictObject({
  status: SessionStatus.optional(),
  workspaceId: WorkspaceId.optional(),
  cursor: SessionId.optional(),
  limit: PageSize,
});
export type ListSessions = z.infer<typeof ListSessions>;

/** Sessions, newest first. */
export function createListSessions({ read }: Pick<Dependencies, 'read'>) {
  return ({ cursor, limit, ...filter }: ListSessions): Promise<Page<Session>> =>
    read(async ({ sessions }) => toPage(await sessions.list({ ...filter, before: cursor, limit: limit + 1 }), limit));
}
