import { Buffer } from 'node:buffer';
import { RESULT_TEXT_LIMIT } from '../../../application/ports/attempt-files.js';
import type { TaskResult } from '../../../domain/task/task.js';

/** Collects an agent's final message: what it said last, after its last tool call. */
export interface FinalText {
  add(text: string): void;
  /** A new message begins; what was said before is not the final one if anything follows. */
  cut(): void;
  result(): TaskResult;
}

export function createFinalText(): FinalText {
  let pieces: string[] = [];
  let kept = 0;
  let bytes = 0;
  let fresh = false;

  return {
    add(text) {
      if (text === '') return;
      if (fresh) {
        pieces = [];
        kept = 0;
        bytes = 0;
        fresh = false;
      }
      pieces.push(text);
      kept += text.length;
      bytes += Buffer.byteLength(text);
      // Twice the limit is kept, so that joining is rare.
      if (kept > 2 * RESULT_TEXT_LIMIT) {
        const rest = pieces.join('').slice(-RESULT_TEXT_LIMIT);
        pieces = [rest];
        kept = rest.length;
      }
    },
    cut() {
      fresh = true;
    },
    result() {
      const text = lastBytes(pieces.join(''));
      return { text, truncated: Buffer.byteLength(text) < bytes, bytes, exitCode: null };
    },
  };
}

/** The end of a text, at most RESULT_TEXT_LIMIT bytes of whole characters. */
function lastBytes(text: string): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= RESULT_TEXT_LIMIT) return text;
  let start = buffer.length - RESULT_TEXT_LIMIT;
  // Bytes 10xxxxxx continue a character.
  while (((buffer[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return buffer.subarray(start).toString();
}
