import { type FSWatcher, watch } from 'node:fs';

/** Where the system has no watch left to give (ENOSPC, EMFILE), a reader looks again after this many milliseconds. */
const RECHECK_MS = 500;

/** Tells that a file may have grown. */
export interface GrowthBell extends Disposable {
  /** Resolves with the next ring after this call; armed before a read, nothing written since is missed. */
  next(): Promise<void>;
  ring(): void;
}

/** Watches a file that exists, from now until it is disposed of. Keeps no process alive. */
export function createGrowthBell(path: string): GrowthBell {
  let waiting: Promise<void> | null = null;
  let wake = () => {};
  let recheck: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | null = null;

  const ring = () => {
    clearTimeout(recheck);
    recheck = undefined;
    wake();
    waiting = null;
  };
  const doWithout = () => {
    watcher?.close();
    watcher = null;
    if (waiting !== null) recheck ??= setTimeout(ring, RECHECK_MS).unref();
  };
  try {
    watcher = watch(path, { persistent: false }, ring);
    watcher.on('error', doWithout);
  } catch {
    doWithout();
  }

  return {
    next() {
      waiting ??= new Promise((resolve) => {
        wake = resolve;
      });
      if (watcher === null) doWithout();
      return waiting;
    },
    ring,
    [Symbol.dispose]() {
      watcher?.close();
      ring();
    },
  };
}
