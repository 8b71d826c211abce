import { resolve } from 'node:path';
import type { RunFiles } from '../../application/ports/run-files.js';
import { attemptPaths } from './attempt-paths.js';
import { grown } from './grown.js';
import { openIfThere } from './open-if-there.js';
import { wholeCharactersEnd } from './utf8.js';

/** Longest chunk, in bytes: a good size for one read and one message to a subscriber. */
const CHUNK_BYTES = 65_536;

/**
 * The output of attempts at `<runsDirectory>/<attempt>/output.log`. A chunk ends with a whole character: a character
 * that is half written at the end of the file waits for its other half. Both functions throw `invalid_input` for what
 * is not the name of an attempt.
 */
export function createRunFiles({ runsDirectory }: { readonly runsDirectory: string }): RunFiles {
  return {
    async read(attempt, offset) {
      await using file = await openIfThere(attemptPaths(runsDirectory, attempt).output);
      if (file === null) return { offset, end: offset, text: '' };
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, offset);
      const bytes = buffer.subarray(0, bytesRead);
      const length = wholeCharactersEnd(bytes);
      return { offset, end: offset + length, text: bytes.toString('utf8', 0, length) };
    },

    async locate(attempt) {
      const { output } = attemptPaths(runsDirectory, attempt);
      await using file = await openIfThere(output);
      return file === null ? null : resolve(output);
    },

    // Not async: it is armed before it returns, and a bad name still rejects.
    grown(attempt, signal) {
      try {
        return grown(runsDirectory, attemptPaths(runsDirectory, attempt), signal);
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
}
