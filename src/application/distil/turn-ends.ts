import type { SessionId } from '../../domain/shared/id.js';

/** Tells that a session needs a look (its turn has ended, or it waits again), which is no event of its own: a hint, to whoever listens at that moment. */
export interface TurnEnds {
  readonly ring: (sessionId: SessionId) => void;
  /** Gives back how to listen no longer. */
  readonly onEnd: (listener: (sessionId: SessionId) => void) => () => void;
}

export function createTurnEnds(): TurnEnds {
  const listeners = new Set<(sessionId: SessionId) => void>();
  return {
    ring: (sessionId) => {
      for (const listener of listeners) listener(sessionId);
    },
    onEnd: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
