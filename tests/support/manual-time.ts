import type { Clock } from '../../src/application/ports/clock.js';
import type { Timer } from '../../src/application/ports/timer.js';

/** A clock and its timers, moved by the test. */
export interface ManualTime {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Moves the clock on, ringing on the way what comes due, in order. */
  advance(ms: number): void;
  /** Puts the clock on, or back, as if somebody had set it: no timer rings for that. */
  jump(ms: number): void;
  /** Timers that have not rung yet. */
  pending(): number;
}

export function createManualTime(start = 1_700_000_000_000): ManualTime {
  let now = start;
  let jumped = 0;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    clock: () => now + jumped,
    timer(delayMs, callback) {
      const entry = { at: now + delayMs, callback };
      timers.push(entry);
      return () => {
        timers = timers.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = until;
    },
    jump(ms) {
      jumped += ms;
    },
    pending: () => timers.length,
  };
}
