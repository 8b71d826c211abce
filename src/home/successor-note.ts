import { rm } from 'node:fs/promises';
import { readPrivateFile, writePrivateFile } from './private-file.js';

/**
 * Says, for so many milliseconds, that a server which makes way will be followed by another: between the two nobody
 * answers and nobody holds the lock, and a stop would find nothing to end. The server that follows takes the note away.
 * Where it cannot be written, on a full disk, the server follows all the same, unannounced.
 */
export async function announceSuccessor(file: string, forMs: number): Promise<void> {
  await writePrivateFile(file, String(Date.now() + forMs)).catch(() => undefined);
}

/** No server follows any more, or it is there. */
export async function withdrawSuccessor(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** Whether a server is announced that has had no time to come yet. */
export async function isSuccessorComing(file: string): Promise<boolean> {
  const until = Number(await readPrivateFile(file).catch(() => null));
  return Date.now() < until;
}
