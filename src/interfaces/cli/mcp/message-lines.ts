import type { Readable } from 'node:stream';

/** Longest message, in bytes: what the server takes in one request. */
export const MAX_MESSAGE_BYTES = 1_048_576;

const NEWLINE = 0x0a;

/**
 * The lines of a stream, without those that are empty; null for one that is longer than a message may be, of which
 * nothing is kept. What stands behind the last line end is a line too.
 */
export async function* messageLines(input: Readable): AsyncGenerator<string | null, void> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer) => {
    bytes += part.length;
    if (bytes > MAX_MESSAGE_BYTES) parts = [];
    else parts.push(part);
  };
  const take = (): string | null => {
    const line = bytes > MAX_MESSAGE_BYTES ? null : Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      const line = take();
      if (line !== '') yield line;
    }
    add(chunk.subarray(start));
  }
  const last = take();
  if (last !== '') yield last;
}
