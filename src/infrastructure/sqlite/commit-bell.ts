interface Waiter {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  readonly onAbort: () => void;
}

/**
 * Tells those who wait that something was committed. There is one waiter per signal, however often it asks, and its
 * listener goes with the ring: a signal that lives as long as the server collects nothing.
 */
export class CommitBell {
  #waiters = new Map<AbortSignal, Waiter>();
  #closed: Error | undefined;

  /** Resolves at the next ring; rejects with the signal's reason when it is aborted before. */
  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    return (this.#waiters.get(signal) ?? this.#wait(signal)).promise;
  }

  ring(): void {
    if (this.#waiters.size === 0) return;
    for (const waiter of this.#takeAll()) waiter.resolve();
  }

  /** Rejects everybody who waits or will ask. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const waiter of this.#takeAll()) waiter.reject(reason);
  }

  #wait(signal: AbortSignal): Waiter {
    let resolve!: () => void;
    let reject!: (reason: unknown) => void;
    const promise = new Promise<void>((onRing, onEnd) => {
      resolve = onRing;
      reject = onEnd;
    });
    // It is armed before each read and not always awaited, so its rejection must not count as unhandled.
    promise.catch(() => undefined);
    const onAbort = () => {
      this.#waiters.delete(signal);
      reject(signal.reason);
    };
    const waiter = { promise, resolve, reject, onAbort };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiters.set(signal, waiter);
    return waiter;
  }

  #takeAll(): Waiter[] {
    const waiters = [...this.#waiters.values()];
    for (const [signal, { onAbort }] of this.#waiters) signal.removeEventListener('abort', onAbort);
    this.#waiters = new Map();
    return waiters;
  }
}
