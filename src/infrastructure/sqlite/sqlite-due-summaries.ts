import type { SessionId } from '../../domain/shared/id.js';
import type { DueSummaries, DueSummariesReader } from '../../domain/summary/due-summaries.js';
import type { OpenTransaction } from './open-transaction.js';
import type { SummaryQueries, SummaryWrites } from './summary-statements.js';

/** Which summaries are due, as a connection sees it; `guard` is asked before every read. */
export class SqliteDueSummariesReader implements DueSummariesReader {
  readonly #queries: SummaryQueries;
  readonly #guard: () => void;

  constructor(queries: SummaryQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async markOf(sessionId: SessionId): Promise<number | undefined> {
    this.#guard();
    return this.#queries.markOf(sessionId);
  }

  async list(after: SessionId | null, limit: number): Promise<SessionId[]> {
    this.#guard();
    return this.#queries.list(after, limit);
  }
}

/** Which summaries are due, as one transaction sees and changes it. */
export class SqliteDueSummaries extends SqliteDueSummariesReader implements DueSummaries {
  readonly #transaction: OpenTransaction;
  readonly #writes: SummaryWrites;

  constructor(transaction: OpenTransaction, queries: SummaryQueries, writes: SummaryWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async mark(sessionId: SessionId): Promise<void> {
    this.#transaction.writing();
    this.#writes.mark(sessionId);
  }

  async clear(sessionId: SessionId, mark: number): Promise<boolean> {
    this.#transaction.writing();
    return this.#writes.clear(sessionId, mark);
  }
}
