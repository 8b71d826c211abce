import type { HandedContext } from '../../domain/context/handed-context.js';
import type { HandedContextReader, HandedContextRepository } from '../../domain/context/handed-context-repository.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { ContextQueries, ContextWrites } from './context-statements.js';
import type { OpenTransaction } from './open-transaction.js';

/** What sessions were handed, as a connection sees it; `guard` is asked before every read. */
export class SqliteContextReader implements HandedContextReader {
  readonly #queries: ContextQueries;
  readonly #guard: () => void;

  constructor(queries: ContextQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async list(sessionId: SessionId, limit: number): Promise<HandedContext[]> {
    this.#guard();
    return this.#queries.list(sessionId, limit);
  }
}

/** What sessions were handed, as one transaction sees and changes it. */
export class SqliteContextRepository extends SqliteContextReader implements HandedContextRepository {
  readonly #transaction: OpenTransaction;
  readonly #writes: ContextWrites;

  constructor(transaction: OpenTransaction, queries: ContextQueries, writes: ContextWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async insert(context: HandedContext): Promise<void> {
    this.#transaction.writing();
    this.#writes.insert(context);
  }

  async save(context: HandedContext): Promise<void> {
    this.#transaction.writing();
    this.#writes.save(context);
  }

  async removeOf(sessionId: SessionId): Promise<void> {
    this.#transaction.writing();
    this.#writes.removeOf(sessionId);
  }
}
