import type { Database, Statement } from 'better-sqlite3';
import type { Event, Fact, Position } from '../../domain/event/event.js';
import type { EventAppender, EventLog, LogBounds } from '../../domain/event/event-log.js';
import { prunable } from '../../domain/event/prunable.js';
import { decodeId, type ObservationId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { CommitBell } from './commit-bell.js';
import { EventRing } from './event-ring.js';
import { EVENT_STATEMENTS, type EventRow, type FactRow, toAppended, toEvent } from './event-rows.js';
import type { Companion } from './group-commit.js';
import type { OpenTransaction } from './open-transaction.js';
import { storageFailure } from './storage-failure.js';

/** Writes the log and reads it back; as a companion of the group it publishes events once they are on disk. */
export class SqliteEventLog implements EventLog, Companion {
  readonly #file: string;
  readonly #append: Statement<FactRow>;
  readonly #forget: Statement<[number]>;
  readonly #oldest: Statement<[number], { position: Position; at: Timestamp }>;
  readonly #prune: Statement<[Position]>;
  readonly #after: Statement<[Position, number], EventRow>;
  readonly #before: Statement<[Position, number], EventRow>;
  readonly #first: Statement<[], Position | null>;
  readonly #ring: EventRing;
  readonly #bell = new CommitBell();
  readonly #listeners = new Set<(fact: Fact) => void>();
  readonly #commitListeners = new Set<(events: readonly Event[]) => void>();
  /** Appended by the group so far; those of its finished transactions come first. */
  #appended: Event[] = [];
  #kept = 0;
  /** Taken out of what the ring holds with the commit; that a rolled-back one is taken out as well does no harm. */
  readonly #forgotten = new Set<string>();
  #closed: Error | undefined;

  constructor(writer: Database, reader: Database, ringSize: number) {
    this.#file = writer.name;
    this.#append = writer.prepare(EVENT_STATEMENTS.append);
    this.#forget = writer.prepare(EVENT_STATEMENTS.forget);
    this.#oldest = writer.prepare(EVENT_STATEMENTS.oldest);
    this.#prune = writer.prepare(EVENT_STATEMENTS.prune);
    this.#after = reader.prepare<[Position, number], EventRow>(EVENT_STATEMENTS.after).raw();
    this.#before = reader.prepare<[Position, number], EventRow>(EVENT_STATEMENTS.before).raw();
    this.#first = reader.prepare<[], Position | null>(EVENT_STATEMENTS.first).pluck();
    const last = writer.prepare<[], Position>(EVENT_STATEMENTS.last).pluck();
    this.#ring = new EventRing(ringSize, last.get() ?? 0);
  }

  /** The appender of one transaction. */
  appender(transaction: OpenTransaction): EventAppender {
    return new SqliteEventAppender(transaction, this);
  }

  /** Appends within the running transaction and wakes the listeners. */
  append(fact: Fact): void {
    const { lastInsertRowid } = this.#append.run(
      fact.type,
      fact.at,
      keyOf(fact.taskId),
      keyOf(fact.sessionId),
      keyOf(fact.agentId),
      keyOf(fact.observationId),
      keyOf(fact.workspaceId),
      JSON.stringify(fact.data),
    );
    this.#appended.push(toAppended(Number(lastInsertRowid), fact));
    for (const listener of this.#listeners) listener(fact);
  }

  /** Takes out, within the running transaction, what earlier events say of an observation. */
  forget(observationId: ObservationId): void {
    this.#forget.run(decodeId(observationId));
    this.#forgotten.add(observationId);
  }

  /** Removes the oldest events within the running transaction. That the ring drops them does no harm if it is undone. */
  prune(before: Timestamp, now: Timestamp, limit: number): number {
    const oldest = this.#oldest.all(limit);
    const count = prunable(oldest, before, now);
    const last = oldest[count - 1];
    if (last !== undefined) {
      this.#prune.run(last.position);
      this.#ring.dropUntil(last.position);
    }
    return count;
  }

  async after(position: Position, limit: number): Promise<Event[]> {
    return this.#ring.after(position, limit) ?? this.#read(() => this.#after.all(position, limit).map(toEvent));
  }

  async before(position: Position, limit: number): Promise<Event[]> {
    return this.#read(() => this.#before.all(position, limit).map(toEvent));
  }

  async bounds(): Promise<LogBounds> {
    const first = this.#read(() => this.#first.get() ?? null);
    const { end } = this.#ring;
    return { start: first === null ? end : first - 1, end };
  }

  /** The position of the last committed event; 0 in a log that never had one. */
  lastPosition(): Position {
    return this.#ring.end;
  }

  nextCommit(signal: AbortSignal): Promise<void> {
    return this.#bell.next(signal);
  }

  onAppend(listener: (fact: Fact) => void): () => void {
    // Wrapped, so that one function that is registered twice is called twice and taken off once.
    const entry = (fact: Fact) => listener(fact);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  onCommit(listener: (events: readonly Event[]) => void): () => void {
    const entry = (events: readonly Event[]) => listener(events);
    this.#commitListeners.add(entry);
    return () => this.#commitListeners.delete(entry);
  }

  keep(): void {
    this.#kept = this.#appended.length;
  }

  undo(): void {
    this.#appended.length = this.#kept;
  }

  flush(): void {
    // Events are written as they are appended: their positions come from the database.
  }

  committed(): void {
    if (this.#forgotten.size > 0) {
      this.#ring.forget(this.#forgotten);
      this.#forgotten.clear();
    }
    if (this.#appended.length === 0) return;
    for (const event of this.#appended) this.#ring.push(event);
    for (const listener of this.#commitListeners) listener(this.#appended);
    this.lost();
    this.#bell.ring();
  }

  lost(): void {
    this.#appended = [];
    this.#kept = 0;
  }

  /** Ends every follower: nothing more will be committed. */
  close(reason: Error): void {
    this.#closed = reason;
    this.#bell.close(reason);
  }

  #read<T>(query: () => T): T {
    if (this.#closed !== undefined) throw this.#closed;
    try {
      return query();
    } catch (error) {
      throw storageFailure(error, this.#file);
    }
  }
}

class SqliteEventAppender implements EventAppender {
  readonly #transaction: OpenTransaction;
  readonly #log: SqliteEventLog;

  constructor(transaction: OpenTransaction, log: SqliteEventLog) {
    this.#transaction = transaction;
    this.#log = log;
  }

  async append(facts: readonly Fact[]): Promise<void> {
    if (facts.length === 0) return;
    this.#transaction.writing();
    for (const fact of facts) this.#log.append(fact);
  }

  async forget(observationIds: readonly ObservationId[]): Promise<void> {
    this.#transaction.writing();
    for (const id of observationIds) this.#log.forget(id);
  }

  async prune(before: Timestamp, now: Timestamp, limit: number): Promise<number> {
    this.#transaction.writing();
    return this.#log.prune(before, now, limit);
  }
}

function keyOf(id: string | undefined): number | null {
  return id === undefined ? null : decodeId(id);
}
