import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TemporaryDirectory } from '../../application/ports/temporary-directory.js';

/** Tries to remove what a program that is just ending has put there meanwhile; each waits 100 ms longer. */
const REMOVE_TRIES = 5;

/** Outside of any project and of every home, so that programs find no settings above it. */
export async function openTemporaryDirectory(): Promise<TemporaryDirectory> {
  // Short: the path of a socket in it may have 107 bytes only.
  const path = await realpath(await mkdtemp(join(tmpdir(), 'cw-')));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: REMOVE_TRIES }),
  };
}
