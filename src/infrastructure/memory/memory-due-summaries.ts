import type { SessionId } from '../../domain/shared/id.js';
import type { DueSummaries, DueSummariesReader } from '../../domain/summary/due-summaries.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** A session whose summary is due, and how often it was marked. */
export interface DueRow {
  readonly sessionId: SessionId;
  readonly mark: number;
}

/** Which summaries are due, as these rows show it. */
export class MemoryDueSummariesReader implements DueSummariesReader {
  readonly #guard: Guard;
  readonly #rows: Rows<DueRow>;

  constructor(guard: Guard, rows: Rows<DueRow>) {
    this.#guard = guard;
    this.#rows = rows;
  }

  async markOf(sessionId: SessionId): Promise<number | undefined> {
    this.#guard();
    return this.#rows.get(sessionId)?.mark;
  }

  async list(after: SessionId | null, limit: number): Promise<SessionId[]> {
    this.#guard();
    return [...this.#rows.all()]
      .map(({ sessionId }) => sessionId)
      .filter((sessionId) => after === null || sessionId > after)
      .sort()
      .slice(0, limit);
  }
}

/** Which summaries are due, as one transaction sees and changes it. */
export class MemoryDueSummaries extends MemoryDueSummariesReader implements DueSummaries {
  readonly #guard: Guard;
  readonly #rows: MemoryTable<DueRow>;

  constructor(guard: Guard, rows: MemoryTable<DueRow>) {
    super(guard, rows);
    this.#guard = guard;
    this.#rows = rows;
  }

  async mark(sessionId: SessionId): Promise<void> {
    this.#guard();
    this.#rows.set(sessionId, { sessionId, mark: (this.#rows.get(sessionId)?.mark ?? 0) + 1 });
  }

  async clear(sessionId: SessionId, mark: number): Promise<boolean> {
    this.#guard();
    if (this.#rows.get(sessionId)?.mark !== mark) return false;
    this.#rows.delete(sessionId);
    return true;
  }
}
