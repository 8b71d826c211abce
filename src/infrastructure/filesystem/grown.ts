import { existsSync, type FSWatcher, watch } from 'node:fs';
import type { AttemptPaths } from './attempt-paths.js';

/** Where the system has no watch left to give (ENOSPC, EMFILE), followers look again after this many milliseconds. */
const RECHECK_MS = 500;

/**
 * Resolves when the attempt's output may have grown, or the signal is aborted. The watch is in place before this
 * returns, so that nothing written after the call is missed; it is gone when the promise resolves.
 */
export function grown(runsDirectory: string, paths: AttemptPaths, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    let recheck: NodeJS.Timeout | undefined;
    const settle = () => {
      watcher?.close();
      clearTimeout(recheck);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const later = () => {
      recheck ??= setTimeout(settle, RECHECK_MS).unref();
    };
    const watcher = watchNearest(runsDirectory, paths, settle);
    if (watcher === null) later();
    else watcher.on('error', later);
    signal.addEventListener('abort', settle, { once: true });
  });
}

/** Watches the attempt's directory, in which its file is created and grows; before it is there, the directory of all. */
function watchNearest(runsDirectory: string, { directory }: AttemptPaths, onChange: () => void): FSWatcher | null {
  const inAttempt = tryWatch(directory, onChange);
  if (inAttempt !== null) return inAttempt;
  const inRuns = tryWatch(runsDirectory, onChange);
  // Made between the two tries: what happens inside it now would not be seen from outside.
  if (inRuns === null || !existsSync(directory)) return inRuns;
  inRuns.close();
  return tryWatch(directory, onChange);
}

function tryWatch(path: string, onChange: () => void): FSWatcher | null {
  try {
    return watch(path, { persistent: false }, onChange);
  } catch {
    return null;
  }
}
