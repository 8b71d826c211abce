import type { Timer } from '../../application/ports/timer.js';
import type { FileChanges } from '../../domain/workspace/workspace.js';
import { MAX_NAMED_PATHS } from './file-jobs.js';

/** A batch ends when nothing was added for this long, in milliseconds: an editor writes a file in several steps. */
const QUIET_MS = 100;
/** And after this long in any case, in milliseconds: a build that goes on for minutes is one event in two seconds. */
const LONGEST_MS = 2_000;
/** And with this many paths, some 5 MB; the next ones are counted anew. */
const MAX_PATHS = 50_000;

/** Gathers paths that changed. */
export interface ChangeBatch {
  add(path: string): void;
  /** Drops what is gathered. */
  close(): void;
}

/** There is a timer only while a batch is open. */
export function createChangeBatch(timer: Timer, flush: (changes: FileChanges) => void): ChangeBatch {
  let paths = new Set<string>();
  let firstAt = 0;
  let lastAt = 0;
  let cancel = () => {};

  function end(): void {
    cancel();
    const gathered = paths;
    paths = new Set();
    if (gathered.size > 0) flush({ count: gathered.size, paths: [...gathered.values()].slice(0, MAX_NAMED_PATHS) });
  }

  // Set anew only when it rings, not with every path: thousands may come at once.
  function arm(delayMs: number): void {
    cancel = timer(delayMs, () => {
      const now = performance.now();
      const rest = Math.min(lastAt + QUIET_MS, firstAt + LONGEST_MS) - now;
      if (rest > 0) arm(rest);
      else end();
    });
  }

  return {
    add(path) {
      lastAt = performance.now();
      if (paths.size === 0) {
        firstAt = lastAt;
        arm(QUIET_MS);
      }
      paths.add(path);
      if (paths.size >= MAX_PATHS) end();
    },
    close() {
      cancel();
      paths.clear();
    },
  };
}
