import type { Turn } from '../ports/agent-runtime.js';
import type { Timer } from '../ports/timer.js';

export type CutReason = 'timeout' | 'aborted';

/** Whether, and why, a turn is to end before its agent ends it. */
export interface Cut {
  /** Null while it may go on. */
  reason(): CutReason | null;
  /** Cuts the turn short, unless it was already. */
  now(reason: CutReason): void;
  /** Calls this at the cut, or at once if it was. One at a time: the last one counts. */
  then(act: () => void): void;
  close(): void;
}

/** What a turn has left of its time, in milliseconds. */
export function timeLeftMs({ timeoutMs, spentMs = 0 }: Pick<Turn, 'timeoutMs' | 'spentMs'>): number {
  return Math.max(1, timeoutMs - spentMs);
}

/** A turn ends early when its signal is aborted or its time is over. */
export function createCut(turn: Pick<Turn, 'signal' | 'timeoutMs' | 'spentMs'>, timer: Timer): Cut {
  const { signal } = turn;
  let reason: CutReason | null = null;
  let act: () => void = () => undefined;
  const now = (why: CutReason) => {
    if (reason !== null) return;
    reason = why;
    act();
  };
  const abort = () => now('aborted');
  signal.addEventListener('abort', abort, { once: true });
  const callOff = timer(timeLeftMs(turn), () => now('timeout'));
  if (signal.aborted) abort();
  return {
    reason: () => reason,
    now,
    then(next) {
      act = next;
      if (reason !== null) next();
    },
    close() {
      act = () => undefined;
      callOff();
      signal.removeEventListener('abort', abort);
    },
  };
}

/** Thrown for what was waited for in vain. */
export class TooLate extends Error {}

/** Waits no longer than this, in milliseconds, and not after the cut. */
export async function within<T>(work: Promise<T>, ms: number, cut: Cut, timer: Timer): Promise<T> {
  let callOff: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new TooLate());
    callOff = timer(ms, giveUp);
    cut.then(giveUp);
  });
  // Whichever comes second is not waited for any more.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    callOff();
    cut.then(() => undefined);
  }
}
