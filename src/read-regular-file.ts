import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * The text of a regular file of at most `maxBytes`; null when there is none, or it is something else, is longer, or may
 * not be read. It never waits for a pipe's writer. For files that others wrote, where no fault is ours to tell of.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<string | null> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile() || found.size > maxBytes) return null;
    return await file.readFile('utf8');
  } catch {
    return null;
  }
}
