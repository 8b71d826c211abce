import type { SessionId } from '../shared/id.js';
import type { HandedContext } from './handed-context.js';

export interface HandedContextReader {
  /** What a session was handed, in order, at most `limit` of it. */
  list(sessionId: SessionId, limit: number): Promise<HandedContext[]>;
}

export interface HandedContextRepository extends HandedContextReader {
  insert(context: HandedContext): Promise<void>;
  /** Corrects the tokens of what was handed to this session at this time. */
  save(context: HandedContext): Promise<void>;
  /** Takes out all that says what this session was handed. */
  removeOf(sessionId: SessionId): Promise<void>;
}
