import type { SessionId } from '../shared/id.js';

export interface DueSummariesReader {
  /** Which mark says that this session's summary is due; undefined when it is not. */
  markOf(sessionId: SessionId): Promise<number | undefined>;
  /** Up to `limit` sessions whose summary is due, by id, after this one. */
  list(after: SessionId | null, limit: number): Promise<SessionId[]>;
}

/** Of which sessions a summary is to be made: written down with what makes it due, so that no server forgets one. */
export interface DueSummaries extends DueSummariesReader {
  /** A turn of the session, or the session, has ended. */
  mark(sessionId: SessionId): Promise<void>;
  /** The summary is made. False, with nothing changed, when the session was marked again since this mark. */
  clear(sessionId: SessionId, mark: number): Promise<boolean>;
}
