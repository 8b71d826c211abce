import { type FSWatcher, watch } from 'node:fs';

/** Where the system has no watch left to give (ENOSPC, EMFILE), a reader looks again after this many milliseconds. */
const RECHECK_MS = 500;

/** Tells that a file may have grown. */
export interface GrowthBell extends Disposable {
  /**
   * Watches from now until the next ring, with which the promise resolves; once for each ring. What was written before
   * rings nothing: whoever arms it reads once more before waiting.
   */
  arm(): Promise<void>;
  /** Does nothing while it is not armed. */
  ring(): void;
}

/**
 * Makes the bell of a file that exists; it keeps no process alive. It watches only while its reader waits: Linux tells of
 * every single write, and libuv reads all that is told before anything else gets its turn, so that ten programs which
 * write without a pause would hold the loop up for as long as they do.
 */
export function createGrowthBell(path: string): GrowthBell {
  let recheck: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | null = null;
  let wake: (() => void) | null = null;

  const ring = () => {
    clearTimeout(recheck);
    watcher?.close();
    watcher = null;
    wake?.();
    wake = null;
  };
  const doWithout = () => {
    watcher?.close();
    watcher = null;
    clearTimeout(recheck);
    recheck = setTimeout(ring, RECHECK_MS).unref();
  };

  return {
    arm() {
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
      try {
        watcher = watch(path, { persistent: false }, ring);
        watcher.on('error', doWithout);
      } catch {
        doWithout();
      }
      return rung;
    },
    ring,
    [Symbol.dispose]: ring,
  };
}
