import type { ToolUse, ToolUseCount } from '../../domain/session/tool-use.js';
import type { AlikeToolUses, ToolUseReader, ToolUseRepository } from '../../domain/session/tool-use-repository.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { OpenTransaction } from './open-transaction.js';
import type { ToolUseQueries, ToolUseWrites } from './tool-use-statements.js';

/** Tool uses as a connection sees them; `guard` is asked before every read. */
export class SqliteToolUseReader implements ToolUseReader {
  readonly #queries: ToolUseQueries;
  readonly #guard: () => void;

  constructor(queries: ToolUseQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async waiting(sessionId: SessionId, limit: number): Promise<ToolUse[]> {
    this.#guard();
    return this.#queries.waiting(sessionId, limit);
  }

  async sessionsWaiting(after: SessionId | null, limit: number): Promise<SessionId[]> {
    this.#guard();
    return this.#queries.sessionsWaiting(after, limit);
  }

  async getMany(sessionId: SessionId, toolUseIds: readonly string[]): Promise<ToolUse[]> {
    this.#guard();
    return this.#queries.getMany(sessionId, toolUseIds);
  }

  async alike(use: AlikeToolUses): Promise<string[]> {
    this.#guard();
    return this.#queries.alike(use);
  }

  async between(sessionId: SessionId, from: Timestamp, to: Timestamp): Promise<string[]> {
    this.#guard();
    return this.#queries.between(sessionId, from, to);
  }

  async counts(sessionId: SessionId, limit: number): Promise<ToolUseCount[]> {
    this.#guard();
    return this.#queries.counts(sessionId, limit);
  }
}

/** The tool uses as one transaction sees and changes them. */
export class SqliteToolUseRepository extends SqliteToolUseReader implements ToolUseRepository {
  readonly #transaction: OpenTransaction;
  readonly #writes: ToolUseWrites;

  constructor(transaction: OpenTransaction, queries: ToolUseQueries, writes: ToolUseWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async insert(toolUse: ToolUse): Promise<boolean> {
    this.#transaction.writing();
    return this.#writes.insert(toolUse);
  }

  async distilled(sessionId: SessionId, toolUseIds: readonly string[], at: Timestamp): Promise<void> {
    this.#transaction.writing();
    this.#writes.setDistilled(sessionId, toolUseIds, at);
  }

  async requeue(sessionId: SessionId, toolUseIds: readonly string[]): Promise<void> {
    this.#transaction.writing();
    this.#writes.setDistilled(sessionId, toolUseIds, null);
  }

  async remove(sessionId: SessionId, toolUseIds: readonly string[]): Promise<void> {
    this.#transaction.writing();
    this.#writes.remove(sessionId, toolUseIds);
  }

  async blank(sessionId: SessionId, toolUseIds: readonly string[], at: Timestamp): Promise<void> {
    this.#transaction.writing();
    this.#writes.blank(sessionId, toolUseIds, at);
  }

  async dropText(sessionId: SessionId, toolUseId: string, before: Timestamp): Promise<boolean> {
    this.#transaction.writing();
    return this.#writes.dropText(sessionId, toolUseId, before);
  }

  async removeTurn(sessionId: SessionId, turn: string): Promise<void> {
    this.#transaction.writing();
    this.#writes.removeTurn(sessionId, turn);
  }
}
