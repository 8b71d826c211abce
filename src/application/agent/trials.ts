import { DomainError } from '../../domain/shared/domain-error.js';
import { createTurnstile } from '../distil/turnstile.js';

/** Agents that are tried at once: each is a heavy program that has just been started. */
const MAX_AT_ONCE = 2;

/** Agents that are run outside of the queue to see whether they work: a few at once, and none for longer than the server. */
export interface Trials {
  /** The signal is aborted when the server closes. Throws `unavailable` then. */
  run<T>(trial: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Ends all and waits for their ends. */
  close(): Promise<void>;
}

export function createTrials(): Trials {
  const turnstile = createTurnstile(MAX_AT_ONCE);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  async function take<T>(trial: (signal: AbortSignal) => Promise<T>): Promise<T> {
    using _place = await turnstile.enter();
    return await trial(closing.signal);
  }

  return {
    async run(trial) {
      const taken = take(trial);
      running.add(taken);
      try {
        return await taken;
      } finally {
        running.delete(taken);
      }
    },
    async close() {
      turnstile.close(new DomainError('unavailable', 'The server stops; try the agent again at the next one.'));
      closing.abort();
      await Promise.allSettled(running);
    },
  };
}
