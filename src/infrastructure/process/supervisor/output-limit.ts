import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Shortest time between two looks at the size of an output that grows, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Calls back once when the file has grown over `maxBytes`; the function that comes back ends the watch. It looks at most
 * once a second while the file grows and not at all while it rests, so a fast writer gets as far over the limit as it
 * writes in a second.
 */
export function limitOutput(path: string, maxBytes: number, onOver: () => void): () => void {
  let watcher: FSWatcher | null = null;
  let nextLook: NodeJS.Timeout | undefined;
  let ended = false;

  const end = () => {
    ended = true;
    watcher?.close();
    clearTimeout(nextLook);
  };
  const onGrowth = () => {
    watcher?.close();
    watcher = null;
    clearTimeout(nextLook);
    nextLook = setTimeout(() => void look(), LOOK_MS);
  };
  const look = async () => {
    const size = await sizeOf(path);
    if (ended) return;
    if (size > maxBytes) {
      end();
      onOver();
    } else {
      waitForGrowth();
    }
  };
  const waitForGrowth = () => {
    try {
      watcher = watch(path, { persistent: false }, onGrowth);
      watcher.on('error', onGrowth);
    } catch {
      // No watch is left to have, or the program removed its file: then the clock alone must do.
      onGrowth();
    }
  };

  waitForGrowth();
  return end;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
