import type { SessionId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { ToolUse, ToolUseCount } from './tool-use.js';

export interface AlikeToolUses {
  readonly sessionId: SessionId;
  readonly name: string;
  readonly input: string;
  readonly from: Timestamp;
  readonly to: Timestamp;
}

export interface ToolUseReader {
  /** Up to `limit` tool uses of a session that wait to be distilled, in the order in which they reached us. */
  waiting(sessionId: SessionId, limit: number): Promise<ToolUse[]>;
  /** Up to `limit` sessions that have tool uses waiting, by id, after this one. */
  sessionsWaiting(after: SessionId | null, limit: number): Promise<SessionId[]>;
  /** Those of a session that there are, in the order in which they reached us. */
  getMany(sessionId: SessionId, toolUseIds: readonly string[]): Promise<ToolUse[]>;
  /** Ids of a session's uses of a tool between two moments, with this very input or one that was taken out. */
  alike(use: AlikeToolUses): Promise<string[]>;
  /** Ids of a session's tool uses from one moment to another. */
  between(sessionId: SessionId, from: Timestamp, to: Timestamp): Promise<string[]>;
  /** A session's tools, most used first; of a session with more uses than `limit`, any so many are counted. */
  counts(sessionId: SessionId, limit: number): Promise<ToolUseCount[]>;
}

export interface ToolUseRepository extends ToolUseReader {
  /** False, with nothing changed, when the session's tool use is known already. */
  insert(toolUse: ToolUse): Promise<boolean>;
  /** Says that these wait no longer. */
  distilled(sessionId: SessionId, toolUseIds: readonly string[], at: Timestamp): Promise<void>;
  /** Lets these wait again. */
  requeue(sessionId: SessionId, toolUseIds: readonly string[]): Promise<void>;
  /** Takes these out for good. */
  remove(sessionId: SessionId, toolUseIds: readonly string[]): Promise<void>;
  /** Takes out for good what these say and keeps that they are known: they count as distilled. */
  blank(sessionId: SessionId, toolUseIds: readonly string[], at: Timestamp): Promise<void>;
  /**
   * Takes out for good what a tool use says that was distilled before this moment; false when there is nothing to take.
   * That it was, and how it ended, stays known.
   */
  dropText(sessionId: SessionId, toolUseId: string, before: Timestamp): Promise<boolean>;
  /** Takes all of a turn out for good. */
  removeTurn(sessionId: SessionId, turn: string): Promise<void>;
}
