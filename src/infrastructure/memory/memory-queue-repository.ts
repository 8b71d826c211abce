import type { LimitGate } from '../../domain/limit/limit-gate.js';
import type { Queue, QueueRepository, QueueState } from '../../domain/task/queue.js';
import type { LimitRow } from './memory-queue-limits.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard, Undoable } from './memory-transaction.js';

/** The queue's one row, as it is committed and as the running transaction sees it. */
export class MemoryQueue implements Undoable {
  readonly #gates: MemoryTable<LimitGate>;
  readonly #limits: MemoryTable<LimitRow>;
  #committed: Queue = { paused: false };
  #current: Queue = this.#committed;

  constructor(gates: MemoryTable<LimitGate>, limits: MemoryTable<LimitRow>) {
    this.#gates = gates;
    this.#limits = limits;
  }

  get committed(): QueueState {
    const [limited, ruled] = [hasRows(this.#gates.committed), hasRows(this.#limits.committed)];
    return { ...this.#committed, limited, ruled };
  }

  /** The queue of one transaction. */
  repository(guard: Guard): QueueRepository {
    return {
      get: async () => {
        guard();
        return { ...this.#current, limited: hasRows(this.#gates), ruled: hasRows(this.#limits) };
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
