import type { Timer } from '../ports/timer.js';

/**
 * How long a claim holds without a sign of its runner, in milliseconds, beyond the time limit of a turn: an agent is
 * started, asked to end, and ended with all that it started within far less than these 5 minutes.
 */
export const LEASE_MS = 300_000;

/** The claim of an attempt at its task. It ends with the attempt's turn; what then is written down takes as long as it takes. */
export interface AttemptLease extends Disposable {
  /** The runner goes on: the claim holds for this long from now, in milliseconds. */
  renew(forMs: number): void;
}

/**
 * Opens the lease of an attempt; `lost` is called once, when nobody has renewed it in time. Counted by the timer and not
 * by the clock: a machine that slept, or whose clock was set, takes no claim away.
 */
export function openAttemptLease(timer: Timer, lost: () => void): AttemptLease {
  let callOff = timer(LEASE_MS, lost);
  return {
    renew(forMs) {
      callOff();
      callOff = timer(forMs, lost);
    },
    [Symbol.dispose]: () => callOff(),
  };
}
