import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { type AttemptOutput, MAX_OUTPUT_BYTES } from '../../application/ports/attempt-files.js';
import { attemptPaths } from './attempt-paths.js';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
/** Outputs may quote secrets: for this user alone. */
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
const CUT_OFF = '\n… the output went on; no more of it is kept.\n';

/** Opens `<runsDirectory>/<attempt>/output.log` with the first write. Writes come one after the other. */
export function createAttemptOutput(runsDirectory: string, attempt: string): AttemptOutput {
  const { directory, output } = attemptPaths(runsDirectory, attempt);
  let file: FileHandle | undefined;
  /** Bytes that are there already and are told again. */
  let known = 0;
  let bytes = 0;

  async function opened(): Promise<FileHandle> {
    if (file !== undefined) return file;
    await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    file = await open(output, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, PRIVATE_FILE);
    known = (await file.stat()).size;
    return file;
  }

  return {
    async write(text) {
      if (bytes > MAX_OUTPUT_BYTES) return;
      const handle = await opened();
      const whole = Buffer.from(text);
      const before = bytes;
      bytes += whole.length;
      const piece = bytes > MAX_OUTPUT_BYTES ? Buffer.from(CUT_OFF) : whole;
      await handle.appendFile(piece.subarray(Math.max(0, known - before)));
    },
    async close() {
      await file?.close();
    },
  };
}
