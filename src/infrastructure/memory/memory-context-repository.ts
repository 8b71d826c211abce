import type { HandedContext } from '../../domain/context/handed-context.js';
import type { HandedContextReader, HandedContextRepository } from '../../domain/context/handed-context-repository.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** All that a session was handed is one row. */
export interface HandedRow {
  readonly contexts: readonly HandedContext[];
}

/** What sessions were handed, as these rows show it. */
export class MemoryContextReader implements HandedContextReader {
  readonly #guard: Guard;
  readonly #rows: Rows<HandedRow>;

  constructor(guard: Guard, rows: Rows<HandedRow>) {
    this.#guard = guard;
    this.#rows = rows;
  }

  async list(sessionId: SessionId, limit: number): Promise<HandedContext[]> {
    this.#guard();
    return (this.#rows.get(sessionId)?.contexts ?? []).slice(0, limit);
  }
}

/** What sessions were handed, as one transaction sees and changes it. */
export class MemoryContextRepository extends MemoryContextReader implements HandedContextRepository {
  readonly #guard: Guard;
  readonly #rows: MemoryTable<HandedRow>;

  constructor(guard: Guard, rows: MemoryTable<HandedRow>) {
    super(guard, rows);
    this.#guard = guard;
    this.#rows = rows;
  }

  async insert(context: HandedContext): Promise<void> {
    this.#guard();
    const before = this.#rows.get(context.sessionId)?.contexts ?? [];
    this.#rows.set(context.sessionId, { contexts: [...before, context] });
  }

  async save(context: HandedContext): Promise<void> {
    this.#guard();
    const before = this.#rows.get(context.sessionId);
    if (before === undefined) return;
    const contexts = before.contexts.map((one) => (one.at === context.at ? { ...one, tokens: context.tokens } : one));
    this.#rows.set(context.sessionId, { contexts });
  }

  async removeOf(sessionId: SessionId): Promise<void> {
    this.#guard();
    this.#rows.delete(sessionId);
  }
}
