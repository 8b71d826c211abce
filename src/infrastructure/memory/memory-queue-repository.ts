import type { LimitGate } from '../../domain/limit/limit-gate.js';
import type { Queue, QueueRepository } from '../../domain/task/queue.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard, Undoable } from './memory-transaction.js';

/** The queue's one row, as it is committed and as the running transaction sees it. */
export class MemoryQueue implements Undoable {
  readonly #gates: MemoryTable<LimitGate>;
  #committed: Queue = { paused: false };
  #current: Queue = this.#committed;

  constructor(gates: MemoryTable<LimitGate>) {
    this.#gates = gates;
  }

  get committed(): Queue & { readonly limited: boolean } {
    return { ...this.#committed, limited: hasRows(this.#gates.committed) };
  }

  /** The queue of one transaction. */
  repository(guard: Guard): QueueRepository {
    return {
      get: async () => {
        guard();
        return { ...this.#current, limited: hasRows(this.#gates) };
      },
      save: async ({ paused }) => {
        guard();
        this.#current = { paused };
      },
    };
  }

  commit(): void {
    this.#committed = this.#current;
  }

  rollback(): void {
    this.#current = this.#committed;
  }
}

function hasRows(rows: Rows<unknown>): boolean {
  return [...rows.all()].length > 0;
}
