import type { SessionId, WorkspaceId } from '../../domain/shared/id.js';

/** Which session is about to begin, or to go on, and is to be told what is remembered. */
export interface ContextRequest {
  readonly sessionId: SessionId;
  readonly workspaceId: WorkspaceId;
}

/** What is remembered and helps a session, as text for its agent; null when that is nothing. */
export type SessionContext = (request: ContextRequest) => Promise<string | null>;
