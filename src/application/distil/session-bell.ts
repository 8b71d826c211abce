import type { SessionId } from '../../domain/shared/id.js';

/** Tells that a session needs a look, which is no event of its own: a hint, to whoever listens at that moment. */
export interface SessionBell {
  readonly ring: (sessionId: SessionId) => void;
  /** Gives back how to listen no longer. */
  readonly onRing: (listener: (sessionId: SessionId) => void) => () => void;
}

export function createSessionBell(): SessionBell {
  const listeners = new Set<(sessionId: SessionId) => void>();
  return {
    ring: (sessionId) => {
      for (const listener of listeners) listener(sessionId);
    },
    onRing: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
