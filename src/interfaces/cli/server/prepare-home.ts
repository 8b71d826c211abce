import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { ConfigurationError } from '../../../environment.js';
import type { HomePaths } from '../../client/home-paths.js';

const OWNER_ONLY = 0o700;

/**
 * Makes the data directory and the folder for logs, as far as a server that is about to be started needs them: its lock
 * and the log of its start. The server checks the rest. Throws a ConfigurationError for a directory that cannot be used.
 */
export function prepareHome({ home, logs }: HomePaths): void {
  const made = makeDirectory(home);
  const found = lstatSync(home);
  if (found.isSymbolicLink()) throw refuse(home, 'it is a symbolic link; name the directory that it points to');
  if (!found.isDirectory()) throw refuse(home, 'it is not a directory');
  if (process.getuid !== undefined && found.uid !== process.getuid()) {
    throw refuse(home, 'it belongs to another user');
  }
  // A mode given to mkdir is cut by the umask, never widened; one that takes rights from the owner is put right here.
  if (made) chmodSync(home, OWNER_ONLY);
  makeDirectory(logs);
}

/** Returns true if it was not there before. */
function makeDirectory(path: string): boolean {
  try {
    return mkdirSync(path, { recursive: true, mode: OWNER_ONLY }) !== undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Something else has the name: what it is, is looked at next.
    if (code === 'EEXIST' && lstatSync(path, { throwIfNoEntry: false }) !== undefined) return false;
    throw refuse(path, `it cannot be made (${error instanceof Error ? error.message : String(error)})`);
  }
}

function refuse(path: string, why: string): ConfigurationError {
  return new ConfigurationError(`The data directory cannot be used: ${path}: ${why}. Set CW_HOME to another.`);
}
