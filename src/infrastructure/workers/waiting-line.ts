import { DomainError } from '../../domain/shared/domain-error.js';

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (reason: Error) => void;
}

/** A number of places, and a bounded line of those who wait for one, first come, first served. */
export interface WaitingLine {
  /** Resolves when there is a place; rejects with the signal's reason, or `unavailable` when too many wait already. */
  enter(signal: AbortSignal): Promise<void>;
  /** Gives a place back. */
  leave(): void;
  /** Sends away all who wait, and all who come. */
  close(reason: Error): void;
}

export function createWaitingLine({ places, maxWaiting }: { places: number; maxWaiting: number }): WaitingLine {
  let free = places;
  let closed: Error | undefined;
  // A Set keeps the order of arrival, and lets anybody leave from the middle.
  const line = new Set<Waiting>();

  function wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leaveLine = () => {
        line.delete(waiting);
        signal.removeEventListener('abort', giveUp);
      };
      const refuse = (reason: Error) => {
        leaveLine();
        reject(reason);
      };
      const giveUp = () => refuse(signal.reason as Error);
      const waiting: Waiting = {
        enter() {
          leaveLine();
          resolve();
        },
        refuse,
      };
      line.add(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  return {
    async enter(signal) {
      if (closed !== undefined) throw closed;
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return;
      }
      if (line.size >= maxWaiting) {
        throw new DomainError(
          'unavailable',
          `Over ${maxWaiting} jobs wait for a worker thread; try again in a moment.`,
        );
      }
      await wait(signal);
    },
    leave() {
      const [next] = line;
      if (next === undefined) free += 1;
      else next.enter();
    },
    close(reason) {
      closed ??= reason;
      for (const waiting of line) waiting.refuse(reason);
    },
  };
}
