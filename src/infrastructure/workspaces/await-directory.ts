import { lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { DirectoryWatch, WatchDirectory } from './watch-directory.js';

/**
 * Calls back once when a directory is there again. It waits at the nearest directory above that exists, and looks only
 * when the name that it waits for comes up there. Calls back `failed` when it cannot wait.
 */
export function awaitDirectory(
  path: string,
  watchDirectory: WatchDirectory,
  { back, failed }: { readonly back: () => void; readonly failed: (error: unknown) => void },
): { close(): void } {
  let waiting: DirectoryWatch | undefined;
  let isClosed = false;
  let looks = 0;

  const isStale = (look: number) => isClosed || look !== looks;

  function close(): void {
    isClosed = true;
    waiting?.close();
    waiting = undefined;
  }

  async function look(): Promise<void> {
    looks += 1;
    const mine = looks;
    waiting?.close();
    waiting = undefined;
    // The name is looked for again once the watch stands, so that it cannot come up in between.
    for (;;) {
      const { at, missing } = await nearestExisting(path);
      if (isStale(mine)) return;
      if (missing === null) {
        close();
        back();
        return;
      }
      const again = () => {
        look().catch(failed);
      };
      const watch = watchDirectory(at, {
        event: (_type, seen) => {
          if (seen === null || seen === basename(missing) || seen === basename(at)) again();
        },
        failed: again,
      });
      waiting = watch;
      const still = await nearestExisting(path);
      if (isStale(mine) || still.missing === missing) return;
      watch.close();
    }
  }

  look().catch(failed);
  return { close };
}

/** The nearest directory at or above a path, and what is missing in it: null when the path itself is there. */
async function nearestExisting(path: string): Promise<{ at: string; missing: string | null }> {
  let missing: string | null = null;
  for (let at = path; ; at = dirname(at)) {
    const found = await lstat(at).catch(() => null);
    if (found?.isDirectory() === true || dirname(at) === at) return { at, missing };
    missing = at;
  }
}
