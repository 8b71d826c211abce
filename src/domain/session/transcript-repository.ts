import type { SessionId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { TranscriptPosition } from './transcript-position.js';

export interface TranscriptReader {
  find(sessionId: SessionId): Promise<TranscriptPosition | undefined>;
  /**
   * Up to `limit` sessions of a kind of agent, by id after this one, of whose transcript there may be more to read: they
   * are open, or have ended since its end was last reached.
   */
  unread(source: string, after: SessionId | null, limit: number): Promise<SessionId[]>;
}

export interface TranscriptRepository extends TranscriptReader {
  /** Saves how far it is read; from which moment on it is taken stays as it is. */
  save(position: Omit<TranscriptPosition, 'notBefore'>): Promise<void>;
  /** What is of before this moment is not taken any more. */
  skipUntil(sessionId: SessionId, moment: Timestamp): Promise<void>;
}
