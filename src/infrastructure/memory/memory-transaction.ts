import { DomainError } from '../../domain/shared/domain-error.js';

/** What the running transaction has done and can still be undone. */
export interface Undoable {
  commit(): void;
  rollback(): void;
}

/** Asked by every store call: throws once the transaction that the store belongs to is over. */
export type Guard = () => void;

interface Job<Stores> {
  readonly work: (stores: Stores) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Runs transactions one at a time. As in SQLite, one that is still pending when no microtask is left waits for
 * something that is no store, and is refused.
 */
export class MemoryTransactions<Stores> {
  readonly #storesFor: (guard: Guard) => Stores;
  readonly #state: readonly Undoable[];
  readonly #waiting: Job<Stores>[] = [];
  #running = false;
  #refuse: (() => void) | undefined;
  #closed = false;
  readonly #drained: (() => void)[] = [];

  constructor(storesFor: (guard: Guard) => Stores, state: readonly Undoable[]) {
    this.#storesFor = storesFor;
    this.#state = state;
  }

  /** See the port `Transaction`. */
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) {
        reject(new DomainError('unavailable', 'The server is stopping; nothing more is written.'));
        return;
      }
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Takes no more transactions; resolves when those that wait have been answered. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#running ? new Promise((resolve) => this.#drained.push(resolve)) : Promise.resolve();
  }

  #schedule(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => {
      this.#watch();
      this.#runNext();
    });
  }

  #runNext(): void {
    const job = this.#waiting.shift();
    if (job === undefined) {
      this.#running = false;
      for (const drained of this.#drained.splice(0)) drained();
      return;
    }
    let over = false;
    const end = (settle: () => void) => {
      if (over) return;
      over = true;
      this.#refuse = undefined;
      settle();
      this.#runNext();
    };
    this.#refuse = () => {
      end(() => {
        this.#rollback();
        job.reject(
          new Error(
            'The transaction was refused: it awaited something else than its stores (a timer, a file, another transaction). ' +
              'Nothing of it was written.',
          ),
        );
      });
    };
    const guard = () => {
      if (over) throw new Error('The transaction can read and write no more: it is over.');
    };
    (async () => job.work(this.#storesFor(guard)))().then(
      (value) =>
        end(() => {
          for (const state of this.#state) state.commit();
          job.resolve(value);
        }),
      (error: unknown) =>
        end(() => {
          this.#rollback();
          job.reject(error);
        }),
    );
  }

  #rollback(): void {
    for (const state of this.#state) state.rollback();
  }

  /** `process.nextTick` runs when no microtask is left; asked for within a microtask, so that it comes after all of them. */
  #watch(): void {
    queueMicrotask(() => {
      process.nextTick(() => {
        if (this.#refuse === undefined) return;
        this.#watch();
        this.#refuse();
      });
    });
  }
}
