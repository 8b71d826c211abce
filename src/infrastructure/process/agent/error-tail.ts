import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** What of an error output is told to a person, in bytes: some ten lines. */
const TAIL_BYTES = 2_048;
/** Where its first whole character begins, no more than three bytes on. */
const CONTINUATION = /^\uFFFD{1,3}/;

/** The end of a file, in whole characters; empty when there is nothing to read. */
export async function errorTail(path: string): Promise<string> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
    const text = buffer.toString('utf8', 0, bytesRead);
    return (start === 0 ? text : text.replace(CONTINUATION, '')).trim();
  } catch {
    // It only adds to what is known already: that the program failed.
    return '';
  }
}
