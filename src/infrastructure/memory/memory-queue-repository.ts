import type { Queue, QueueRepository } from '../../domain/task/queue.js';
import type { Guard, Undoable } from './memory-transaction.js';

/** The queue's one row, as it is committed and as the running transaction sees it. */
export class MemoryQueue implements Undoable {
  #committed: Queue = { paused: false };
  #current: Queue = this.#committed;

  get committed(): Queue {
    return this.#committed;
  }

  /** The queue of one transaction. */
  repository(guard: Guard): QueueRepository {
    return {
      get: async () => {
        guard();
        return this.#current;
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
