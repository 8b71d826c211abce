import type { NoteWork } from '../ports/event-loop.js';
import type { Stopwatch } from '../ports/stopwatch.js';

/** `waiting` for what it needs; `degraded` is one that failed and is tried again. */
export type ServiceState = 'waiting' | 'starting' | 'ready' | 'degraded' | 'failed' | 'stopping' | 'stopped';

/** How a service does. Milliseconds, null for what has not been done. */
export interface ServiceReport {
  readonly name: string;
  readonly state: ServiceState;
  /** What is wrong with it and will stay so, in one sentence that says what to do; null for nothing. */
  readonly problem: string | null;
  readonly startMs: number | null;
  readonly warmUpMs: number | null;
  readonly stopMs: number | null;
  /** How long the main thread was at work during its start and its warm-up, for this service or for others. */
  readonly blockedMs: number | null;
}

type Measured = 'startMs' | 'warmUpMs' | 'stopMs';

const STEPS: Readonly<Record<Measured, string>> = { startMs: 'start', warmUpMs: 'warm-up', stopMs: 'stop' };

/** Where it is written down how every service does, for whoever wants to see it. */
export interface ServiceBoard {
  list(): readonly ServiceReport[];
  /** A line for a new service, or its line anew. */
  set(name: string, state: ServiceState, problem?: string): void;
  /** Begins to measure; the function that comes back writes down how long it took. */
  measure(name: string, what: Measured): () => void;
}

/** An empty board. Lines stand in the order in which services are first named. */
export function createServiceBoard(stopwatch: Stopwatch, noteWork: NoteWork = () => {}): ServiceBoard {
  const lines = new Map<string, ServiceReport>();
  const lineOf = (name: string): ServiceReport =>
    lines.get(name) ?? {
      name,
      state: 'waiting',
      problem: null,
      startMs: null,
      warmUpMs: null,
      stopMs: null,
      blockedMs: null,
    };
  return {
    list: () => [...lines.values()],
    set(name, state, problem) {
      lines.set(name, { ...lineOf(name), state, problem: problem ?? null });
    },
    measure(name, what) {
      noteWork(`${STEPS[what]} of ${name}`);
      const began = stopwatch.elapsed();
      const busy = stopwatch.busy();
      return () => {
        const line = lineOf(name);
        const before = what === 'startMs' ? 0 : (line.blockedMs ?? 0);
        const blockedMs = what === 'stopMs' ? line.blockedMs : inTenths(before + stopwatch.busy() - busy);
        lines.set(name, { ...line, blockedMs, [what]: inTenths(stopwatch.elapsed() - began) });
      };
    },
  };
}

/** Tenths of a millisecond are all that is worth showing. */
function inTenths(ms: number): number {
  return Math.round(Math.max(0, ms) * 10) / 10;
}
