import type { SessionId, WorkspaceId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { Session, SessionStatus } from './session.js';

/** Which sessions a list shows, newest first. */
export interface SessionFilter {
  readonly status?: SessionStatus | undefined;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly before?: SessionId | undefined;
  readonly limit: number;
}

export interface SessionReader {
  /** Throws `not_found`. */
  get(id: SessionId): Promise<Session>;
  /** The session that this kind of agent knows by this id of its own. */
  findByProvider(source: string, providerSessionId: string): Promise<Session | undefined>;
  list(filter: SessionFilter): Promise<Session[]>;
  /** How many sessions are open, by state. */
  open(): Promise<{ active: number; paused: number }>;
  /** Up to `limit` active sessions of no task of which nothing was heard since this moment, oldest first. */
  idle(since: Timestamp, limit: number): Promise<Session[]>;
}

export interface SessionRepository extends SessionReader {
  insert(session: Session): Promise<void>;
  save(session: Session): Promise<void>;
}
