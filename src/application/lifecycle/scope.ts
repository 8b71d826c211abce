import type { Logger } from '../ports/logger.js';
import type { Timer } from '../ports/timer.js';
import { type FailedRelease, failuresOf, ScopeError } from './scope-error.js';
import { createScopeTimers, type ScopeTimers } from './scope-timers.js';
import { withinDeadline } from './within-deadline.js';

/**
 * A release that takes longer has hung, and is passed over. In milliseconds: twice what the slowest honest ones take
 * (requests in flight 5 s, agents that must be killed 4 s), and a third of what a stop may take.
 */
export const RELEASE_DEADLINE_MS = 10_000;

/** Gives something back. */
type Release = () => void | Promise<void>;

/**
 * Owns what must be given back: resources, subscriptions, timers and other scopes. It gives everything back in reverse
 * order, once, and goes on when one release fails or hangs.
 */
export interface Scope extends Pick<ScopeTimers, 'every' | 'after' | 'cancel'>, AsyncDisposable {
  /** Aborted when the scope begins to close. */
  readonly signal: AbortSignal;
  /** Opens something that the scope then owns; opened while the scope closes, it is released at once and refused. */
  acquire<T>(name: string, open: () => T | Promise<T>, release: (opened: T) => void | Promise<void>): Promise<T>;
  /** Takes over a release of something that is open already; a scope that has closed releases it at once. */
  defer(name: string, release: Release): void;
  /** Opens a scope that closes with this one, or earlier by itself. */
  child(name: string): Scope;
  /**
   * Sets off no timer any more, waits for those that run, then releases everything. Rejects with a ScopeError after all
   * were tried; a second call gives the same promise.
   */
  close(): Promise<void>;
}

export interface ScopePorts {
  readonly timer: Timer;
  readonly logger: Pick<Logger, 'error'>;
}

interface Owned {
  readonly name: string;
  readonly release: Release;
  /** A child scope has none: each of its releases has its own. */
  readonly deadlineMs: number | null;
}

/** Opens a scope; `name` is what its errors call it. */
export function createScope(name: string, ports: ScopePorts): Scope {
  return open(name, ports, () => {});
}

function open(name: string, ports: ScopePorts, onClose: () => void): Scope {
  const { timer, logger } = ports;
  const closing = new AbortController();
  const owned = new Set<Owned>();
  const timers = createScopeTimers(ports);
  const failures: FailedRelease[] = [];
  let isClosed = false;
  let closed: Promise<void> | undefined;

  async function release(entry: Owned): Promise<void> {
    try {
      if (entry.deadlineMs === null) await entry.release();
      else await withinDeadline(entry.release, entry.deadlineMs, timer);
    } catch (error) {
      failures.push(...failuresOf(entry.name, error));
    }
  }

  async function closeAll(): Promise<void> {
    closing.abort(new Error(`${name} is closing.`));
    const running = [...timers.stop()];
    await Promise.all(
      running.map(([timerName, ended]) =>
        release({ name: `timer ${timerName}`, release: () => ended, deadlineMs: RELEASE_DEADLINE_MS }),
      ),
    );
    for (let last = takeLast(owned); last !== undefined; last = takeLast(owned)) await release(last);
    isClosed = true;
    onClose();
    if (failures.length > 0) throw new ScopeError(name, failures);
  }

  /** For what is handed over after the end: nobody waits for it, so a failure is logged. */
  async function releaseLate(entry: Owned): Promise<void> {
    try {
      await entry.release();
    } catch (error) {
      logger.error('a late release failed', { scope: name, release: entry.name, error });
    }
  }

  const scope: Scope = {
    signal: closing.signal,
    async acquire(what, opening, releaseIt) {
      closing.signal.throwIfAborted();
      const opened = await opening();
      if (closing.signal.aborted) {
        await releaseIt(opened);
        closing.signal.throwIfAborted();
      }
      scope.defer(what, () => releaseIt(opened));
      return opened;
    },
    defer(what, releaseIt) {
      const entry: Owned = { name: what, release: releaseIt, deadlineMs: RELEASE_DEADLINE_MS };
      if (isClosed) void releaseLate(entry);
      else owned.add(entry);
    },
    child(what) {
      closing.signal.throwIfAborted();
      const inner: Scope = open(what, ports, () => owned.delete(entry));
      const entry: Owned = { name: what, release: () => inner.close(), deadlineMs: null };
      owned.add(entry);
      return inner;
    },
    every(what, intervalMs, run) {
      closing.signal.throwIfAborted();
      timers.every(what, intervalMs, run);
    },
    after(what, delayMs, run) {
      closing.signal.throwIfAborted();
      timers.after(what, delayMs, run);
    },
    cancel: (what) => timers.cancel(what),
    close: () => (closed ??= closeAll()),
    [Symbol.asyncDispose]: () => scope.close(),
  };
  return scope;
}

function takeLast(owned: Set<Owned>): Owned | undefined {
  const last = [...owned].at(-1);
  if (last !== undefined) owned.delete(last);
  return last;
}
