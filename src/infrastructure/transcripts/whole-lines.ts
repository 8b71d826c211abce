import type { FileHandle } from 'node:fs/promises';

/** Bytes that are read for one part: what it says fits into a few milliseconds of the main thread. */
const PART_BYTES = 512 * 1_024;
/** Longest line that is read, in bytes: as much as a hook may tell at once. */
export const MAX_LINE_BYTES = 16 * 1_024 * 1_024;
/** Bytes of a line that is too long that one part passes over. */
const MAX_PASSED_BYTES = 64 * 1_024 * 1_024;
const NEWLINE = 10;

/** Whole lines as they stand in a file. */
export interface WholeLines {
  readonly bytes: Buffer;
  /** Where they begin. */
  readonly start: number;
  /** Where to go on. */
  readonly next: number;
  /** Whether that lies within a line that is too long. */
  readonly isInLongLine: boolean;
  /** Whether no whole line comes after these. */
  readonly isEnd: boolean;
  /** Whether a line that is too long began here. */
  readonly isTooLong: boolean;
}

/** The whole lines from here on, about as many as fit into one part; half a line at the end of the file stays. */
export async function wholeLines(
  file: FileHandle,
  from: { readonly offset: number; readonly isInLongLine: boolean },
  size: number,
): Promise<WholeLines> {
  let start = from.offset;
  if (from.isInLongLine) {
    const passed = await passLine(file, start, size);
    if (passed.isInLongLine)
      return { ...NONE, start, next: passed.next, isInLongLine: true, isEnd: passed.next >= size };
    start = passed.next;
  }
  for (let wanted = PART_BYTES; ; wanted = Math.min(MAX_LINE_BYTES, wanted * 4)) {
    const bytes = await readAt(file, start, Math.min(wanted, size - start));
    const last = bytes.lastIndexOf(NEWLINE);
    if (last >= 0)
      return {
        ...NONE,
        bytes: bytes.subarray(0, last),
        start,
        next: start + last + 1,
        isEnd: start + bytes.length >= size,
      };
    if (start + bytes.length >= size || bytes.length < wanted) return { ...NONE, start, next: start, isEnd: true };
    if (wanted === MAX_LINE_BYTES) {
      return { ...NONE, start, next: start + bytes.length, isInLongLine: true, isTooLong: true };
    }
  }
}

const NONE = { bytes: Buffer.alloc(0), isInLongLine: false, isTooLong: false, isEnd: false } as const;

/** The line that begins here, without its end; empty when it is too long. */
export async function lineAt(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  for (let wanted = PART_BYTES; ; wanted = Math.min(MAX_LINE_BYTES, wanted * 4)) {
    const bytes = await readAt(file, offset, Math.min(wanted, size - offset));
    const end = bytes.indexOf(NEWLINE);
    if (end >= 0) return bytes.subarray(0, end);
    if (bytes.length < wanted || wanted === MAX_LINE_BYTES) return Buffer.alloc(0);
  }
}

export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, length));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function passLine(
  file: FileHandle,
  offset: number,
  size: number,
): Promise<{ next: number; isInLongLine: boolean }> {
  const until = Math.min(size, offset + MAX_PASSED_BYTES);
  let next = offset;
  while (next < until) {
    const bytes = await readAt(file, next, Math.min(PART_BYTES, until - next));
    const end = bytes.indexOf(NEWLINE);
    if (end >= 0) return { next: next + end + 1, isInLongLine: false };
    if (bytes.length === 0) break;
    next += bytes.length;
  }
  return { next, isInLongLine: true };
}
