import type { FileHandle } from 'node:fs/promises';

/** Longest line that is taken into this process's memory whole, in bytes: reading JSON of it takes under a millisecond. */
const SHORT_LINE_BYTES = 128 * 1_024;
/** Bytes that are read at once, and that a reader holds at most. */
const BUFFER_BYTES = 2 * SHORT_LINE_BYTES;
const LINE_FEED = 10;

/** A line without its line feed: its text, or where a long one lies in the file. `end` is the byte after the line feed. */
export type OutputLine =
  | { readonly kind: 'short'; readonly text: string; readonly end: number }
  | { readonly kind: 'long'; readonly start: number; readonly length: number; readonly end: number };

/** Splits a growing file into lines, in memory that does not depend on how long they are. */
export interface LineSplitter {
  /** Reads on and gives the lines that are whole by now. Null at the end of what is there. */
  read(): Promise<OutputLine[] | null>;
  /** The half line at the end of a file that grows no more; null when it ends with a line feed. */
  rest(): OutputLine | null;
}

/** Splits from this byte on, which begins a line. */
export function createLineSplitter(file: FileHandle, from: number): LineSplitter {
  // One that waits for its agent's next word holds no buffer: there may be many.
  let buffer: Buffer | null = null;
  let held = 0;
  /** Where in the file the line that is not whole begins, and where the next read goes on. */
  let lineStart = from;
  let next = from;
  let isLong = false;

  function takeLong(chunk: Buffer): { line: OutputLine | null; used: number } {
    const at = chunk.indexOf(LINE_FEED);
    if (at < 0) return { line: null, used: chunk.length };
    const end = next - chunk.length + at + 1;
    isLong = false;
    return { line: longLine(lineStart, end - 1, end), used: at + 1 };
  }

  function splitShort(bytes: Buffer, lines: OutputLine[]): number {
    let used = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, used)) {
      const length = at - used;
      const end = lineStart + length + 1;
      lines.push(
        length > SHORT_LINE_BYTES
          ? longLine(lineStart, end - 1, end)
          : { kind: 'short', text: bytes.toString('utf8', used, at), end },
      );
      used = at + 1;
      lineStart = end;
    }
    return used;
  }

  return {
    async read() {
      buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
      const { bytesRead } = await file.read(buffer, held, BUFFER_BYTES - held, next);
      if (bytesRead === 0) {
        if (held === 0) buffer = null;
        return null;
      }
      next += bytesRead;
      const lines: OutputLine[] = [];
      let from = 0;
      if (isLong) {
        const { line, used } = takeLong(buffer.subarray(0, bytesRead));
        if (line === null) return lines;
        lines.push(line);
        lineStart = line.end;
        from = used;
      }
      const filled = held + bytesRead;
      from += splitShort(buffer.subarray(from, filled), lines);
      held = filled - from;
      if (held > SHORT_LINE_BYTES) {
        isLong = true;
        held = 0;
      } else {
        buffer.copyWithin(0, from, filled);
      }
      return lines;
    },
    rest() {
      if (isLong) return longLine(lineStart, next, next);
      if (held === 0 || buffer === null) return null;
      return { kind: 'short', text: buffer.toString('utf8', 0, held), end: next };
    },
  };
}

function longLine(start: number, stop: number, end: number): OutputLine {
  return { kind: 'long', start, length: stop - start, end };
}
