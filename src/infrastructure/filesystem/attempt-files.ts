import { constants } from 'node:fs';
import { mkdir, open, realpath, rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type AttemptFiles, RESULT_TEXT_LIMIT } from '../../application/ports/attempt-files.js';
import { createAttemptOutput } from './attempt-output.js';
import { attemptPaths } from './attempt-paths.js';
import { openIfThere } from './open-if-there.js';
import { firstCharacterStart } from './utf8.js';

const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
/** Prompts and outputs may quote secrets: for this user alone. */
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** Files of attempts at `<runsDirectory>/<attempt>/`: `output.log`, `prompt.txt` and `results.json`. Only the owner may read them. */
export function createAttemptFiles({ runsDirectory }: { readonly runsDirectory: string }): AttemptFiles {
  return {
    async prepare(attempt) {
      const { directory } = attemptPaths(runsDirectory, attempt);
      await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      // Without symbolic links, because a sweep compares it with what /proc says that a process writes to.
      return { outputFile: attemptPaths(await realpath(runsDirectory), attempt).output };
    },

    async writePrompt(attempt, prompt) {
      const path = attemptPaths(runsDirectory, attempt).prompt;
      await replaceFile(path, prompt);
      return path;
    },

    async writeResults(attempt, results) {
      const paths = attemptPaths(runsDirectory, attempt);
      await mkdir(paths.directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      await replaceFile(paths.results, results);
      return resolve(paths.results);
    },

    openOutput: (attempt) => createAttemptOutput(runsDirectory, attempt),

    async tail(attempt) {
      await using file = await openIfThere(attemptPaths(runsDirectory, attempt).output);
      if (file === null) return { text: '', truncated: false, bytes: 0 };
      const { size } = await file.stat();
      const length = Math.min(size, RESULT_TEXT_LIMIT);
      const start = size - length;
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(RESULT_TEXT_LIMIT), 0, length, start);
      const bytes = buffer.subarray(0, bytesRead);
      const truncated = start > 0;
      return { text: bytes.toString('utf8', truncated ? firstCharacterStart(bytes) : 0), truncated, bytes: size };
    },
  };
}

/** A program that an earlier server started may be in the middle of reading the same file. */
async function replaceFile(path: string, text: string): Promise<void> {
  {
    await using file = await open(`${path}.new`, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, PRIVATE_FILE);
    await file.writeFile(text);
  }
  await rename(`${path}.new`, path);
}
