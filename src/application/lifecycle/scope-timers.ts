import type { Logger } from '../ports/logger.js';
import type { Timer } from '../ports/timer.js';

/** What a timer runs. An error is logged with the timer's name and stops nothing. */
export type Run = () => void | Promise<void>;

/** The timers of one scope, by name; a name has at most one, and to set it again replaces it. */
export interface ScopeTimers {
  /** Runs at every interval, but not while its last run is still going. */
  every(name: string, intervalMs: number, run: Run): void;
  /** Runs once. */
  after(name: string, delayMs: number, run: Run): void;
  cancel(name: string): void;
  /** Sets off nothing any more. Gives what still runs. */
  stop(): ReadonlyMap<string, Promise<void>>;
}

/** Makes timers that keep no process alive. */
export function createScopeTimers({
  timer,
  logger,
}: {
  readonly timer: Timer;
  readonly logger: Pick<Logger, 'error'>;
}): ScopeTimers {
  const callOffs = new Map<string, () => void>();
  const running = new Map<string, Promise<void>>();
  let stopped = false;

  function start(name: string, run: Run): void {
    if (stopped) return;
    const ended = (async () => run())()
      .catch((error: unknown) => {
        logger.error('a timer failed', { timer: name, error });
      })
      .finally(() => running.delete(name));
    running.set(name, ended);
  }

  function set(name: string, delayMs: number, ring: () => void): void {
    callOffs.get(name)?.();
    callOffs.set(name, timer(delayMs, ring));
  }

  const timers: ScopeTimers = {
    every(name, intervalMs, run) {
      set(name, intervalMs, () => {
        timers.every(name, intervalMs, run);
        if (!running.has(name)) start(name, run);
      });
    },
    after(name, delayMs, run) {
      set(name, delayMs, () => {
        callOffs.delete(name);
        // A name never runs twice at once, also after it was set anew; but what was asked for once is not dropped.
        const before = running.get(name);
        if (before === undefined) start(name, run);
        else void before.then(() => start(name, run));
      });
    },
    cancel(name) {
      callOffs.get(name)?.();
      callOffs.delete(name);
    },
    stop() {
      stopped = true;
      for (const callOff of callOffs.values()) callOff();
      callOffs.clear();
      return running;
    },
  };
  return timers;
}
