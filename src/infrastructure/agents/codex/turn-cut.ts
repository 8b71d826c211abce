import { timeLeftMs } from '../../../application/agent/turn-cut.js';
import type { Turn } from '../../../application/ports/agent-runtime.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { TaskError } from '../../../domain/task/task.js';

/** Why a turn is ended before its time. */
export type Cut = { readonly why: 'aborted' } | { readonly why: 'failed'; readonly error: TaskError };

/** Ends a turn early: at its time limit, when its signal is aborted, or when Codex does not do what it must. */
export interface TurnCut extends Disposable {
  /** Null as long as the turn may go on. */
  readonly cut: Cut | null;
  /** Interrupts the turn by protocol, and stops the process when that has no effect in time. */
  abort(): void;
  /** Stops the process, for one that does not answer. */
  fail(message: string): void;
  /** Fails the turn unless the function that comes back is called in time. */
  deadline(delayMs: number, message: string): () => void;
}

interface Needs {
  readonly turn: Turn;
  readonly timer: Timer;
  readonly interruptMs: number;
  /** Asks Codex to end the turn; false when there is none to end yet. */
  readonly interrupt: () => boolean;
  readonly stopProcess: () => void;
}

export function createTurnCut({ turn, timer, interruptMs, interrupt, stopProcess }: Needs): TurnCut {
  let cut: Cut | null = null;
  const timers = new Set<() => void>();

  function after(delayMs: number, act: () => void): () => void {
    const cancel = timer(delayMs, () => {
      timers.delete(off);
      act();
    });
    const off = () => {
      timers.delete(off);
      cancel();
    };
    timers.add(off);
    return off;
  }

  function short(why: Cut): void {
    if (cut !== null) return;
    cut = why;
    if (interrupt()) after(interruptMs, stopProcess);
    else stopProcess();
  }

  function fail(message: string): void {
    cut ??= { why: 'failed', error: { code: 'failed', message } };
    stopProcess();
  }

  const abort = () => short({ why: 'aborted' });
  turn.signal.addEventListener('abort', abort, { once: true });
  after(timeLeftMs(turn), () => {
    const message = `Ran longer than its time limit of ${inWords(turn.timeoutMs)} and was stopped.`;
    short({ why: 'failed', error: { code: 'timeout', message } });
  });

  return {
    get cut() {
      return cut;
    },
    abort,
    fail,
    deadline: (delayMs, message) => after(delayMs, () => fail(message)),
    [Symbol.dispose]() {
      turn.signal.removeEventListener('abort', abort);
      for (const off of [...timers]) off();
    },
  };
}

function inWords(durationMs: number): string {
  if (durationMs < 1_000) return `${durationMs} ms`;
  if (durationMs < 120_000) return `${Math.round(durationMs / 100) / 10} s`;
  return `${Math.round(durationMs / 6_000) / 10} min`;
}
