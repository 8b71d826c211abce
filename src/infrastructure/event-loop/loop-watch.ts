import { createHistogram } from 'node:perf_hooks';
import type { LoopDelay, NoteWork } from '../../application/ports/event-loop.js';
import type { Logger } from '../../application/ports/logger.js';
import type { Stopwatch } from '../../application/ports/stopwatch.js';
import { whatRan } from './what-ran.js';
import { openWorkNotes, type WorkNotes } from './work-notes.js';

/** A look at the loop this often while there is work, in milliseconds: a quarter of the shortest block that is logged. */
const LOOK_MS = 50;
/** So long after the last work nobody looks any more, in milliseconds: an idle server has no such timer at all. */
const QUIET_MS = 5_000;
/** A block of the event loop that is logged, in milliseconds: one that a user could notice. */
const BLOCK_MS = 200;
/** The longest delay that is told from longer ones, in microseconds: an hour; the watchdog ends a loop long before. */
const LONGEST_US = 3_600_000_000;

/** Measures how late the event loop is, while there is work, and says what ran when it was blocked. */
export interface LoopWatch extends Disposable {
  readonly notes: WorkNotes;
  readonly note: NoteWork;
  delay(): LoopDelay;
}

/** Watches from the first note on. Its only timer ends by itself 5 s after the last note, and keeps no process alive. */
export function createLoopWatch({
  stopwatch,
  logger,
}: {
  readonly stopwatch: Stopwatch;
  readonly logger: Pick<Logger, 'warn'>;
}): LoopWatch {
  const notes = openWorkNotes();
  const delays = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 2 });
  let looks: NodeJS.Timeout | undefined;
  let blocks = 0;
  let quietMs = 0;
  let last = { at: 0, busyMs: 0, notes: 0 };

  const here = (now: number) => ({
    at: now,
    busyMs: stopwatch.busy(),
    notes: notes.count(),
  });

  function look(): void {
    const before = last;
    last = here(stopwatch.elapsed());
    // A process that was stopped, or a machine that slept, is late as well; only what the loop itself did is a block.
    const delayMs = Math.max(0, Math.min(last.at - before.at - LOOK_MS, last.busyMs - before.busyMs));
    delays.record(Math.max(1, Math.round(delayMs * 1_000)));
    if (delayMs >= BLOCK_MS) logBlock(delayMs, before.notes);
    quietMs = last.notes === before.notes ? quietMs + LOOK_MS : 0;
    if (quietMs >= QUIET_MS) end();
  }

  function logBlock(delayMs: number, since: number): void {
    blocks += 1;
    // Work that was noted earlier may only now have come to its long part.
    const ran = whatRan(notes.from(Math.min(since, notes.count() - 1)), last.at);
    logger.warn('the event loop was blocked', { blockedMs: Math.round(delayMs), ran });
  }

  function begin(now: number): void {
    last = here(now);
    quietMs = 0;
    looks = setInterval(look, LOOK_MS).unref();
  }

  function end(): void {
    clearInterval(looks);
    looks = undefined;
  }

  return {
    notes,
    note(what, amount) {
      const now = stopwatch.elapsed();
      // Before the note, so that this is of what ran since.
      if (looks === undefined) begin(now);
      notes.note(what, amount, now);
    },
    delay() {
      // An empty histogram has odd extremes; hundredths of a millisecond are all that is worth showing.
      const toMs = (microseconds: number) => (delays.count === 0 ? 0 : Math.round(microseconds / 10) / 100);
      return {
        p50Ms: toMs(delays.percentile(50)),
        p99Ms: toMs(delays.percentile(99)),
        maxMs: toMs(delays.max),
        blocks,
      };
    },
    [Symbol.dispose]: end,
  };
}
