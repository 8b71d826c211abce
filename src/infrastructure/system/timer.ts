import type { Timer } from '../../application/ports/timer.js';

/** The longest delay that setTimeout takes, in milliseconds (2^31 − 1, some 24.8 days); a longer one would fire at once. */
const LONGEST_MS = 2_147_483_647;

/** Timers of the event loop. A delay below zero is none; one over 24.8 days is waited for in pieces. */
export const timer: Timer = (delayMs, callback) => {
  const due = performance.now() + delayMs;
  let timeout: NodeJS.Timeout;
  const arm = () => {
    const rest = due - performance.now();
    timeout = setTimeout(rest > LONGEST_MS ? arm : callback, Math.min(Math.max(rest, 0), LONGEST_MS));
    timeout.unref();
  };
  arm();
  return () => clearTimeout(timeout);
};
