import type { ObservationId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { Event, Fact, Position } from './event.js';

/** Changes the log within a transaction. */
export interface EventAppender {
  /** Appends facts in the order given. */
  append(facts: readonly Fact[]): Promise<void>;
  /** Takes out what earlier events say of these observations; that they happened stays. */
  forget(observationIds: readonly ObservationId[]): Promise<void>;
  /**
   * Removes the oldest events, of `limit` looked at, and says how many: up to the last of an older moment than `before`
   * that no event of between then and `now` comes before. An event of a later moment than `now` was dated by a wrong clock.
   */
  prune(before: Timestamp, now: Timestamp, limit: number): Promise<number>;
}

/** Which positions the log still holds: events after `start` up to `end`. Both 0 in an empty log. */
export interface LogBounds {
  readonly start: Position;
  readonly end: Position;
}

/** Reads the committed log. */
export interface EventLog {
  /** Up to `limit` committed events with a position greater than this one, in order. */
  after(position: Position, limit: number): Promise<Event[]>;
  /** Up to `limit` committed events with a position lower than this one, newest first. */
  before(position: Position, limit: number): Promise<Event[]>;
  bounds(): Promise<LogBounds>;
  /** Resolves at the next commit that appends an event; rejects with the signal's reason. Arm it before reading. */
  nextCommit(signal: AbortSignal): Promise<void>;
  /** Calls back for each fact as it is appended, still within its transaction: a hint to wake up, not a promise that it stays. */
  onAppend(listener: (fact: Fact) => void): () => void;
  /** Calls back after each commit with all that it appended, in order. It is on the way of every answer: for counting, no more. */
  onCommit(listener: (events: readonly Event[]) => void): () => void;
}
