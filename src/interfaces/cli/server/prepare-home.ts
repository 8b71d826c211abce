import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ConfigurationError } from '../../../environment.js';
import type { HomePaths } from '../../client/home-paths.js';

const OWNER_ONLY = 0o700;
/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;

/**
 * Makes the data directory and the folder for logs, as far as a server that is about to be started needs them: its lock
 * and the log of its start. The server checks the rest. Throws a ConfigurationError for a directory that cannot be used,
 * with nothing put into it.
 */
export function prepareHome(paths: HomePaths): void {
  const { home, logs } = paths;
  const made = makeDirectory(home);
  const found = lstatSync(home);
  if (found.isSymbolicLink()) throw refuse(home, 'it is a symbolic link. Set CW_HOME to what it points to');
  if (!found.isDirectory()) throw refuse(home, 'it is not a directory. Set CW_HOME to another');
  if (process.getuid !== undefined && found.uid !== process.getuid()) {
    throw refuse(home, 'it belongs to another user. Set CW_HOME to another');
  }
  // The mode for mkdir is cut by the umask; one that takes rights from the owner too is put right here.
  if (made) chmodSync(home, OWNER_ONLY);
  else if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0) refuseForeign(paths);
  makeDirectory(logs);
}

/** A directory that others may enter is closed by the server if all in it is ours; one that is not is left alone. */
function refuseForeign(paths: HomePaths): void {
  const { home, ...files } = paths;
  const ours = Object.values(files).map((path: string) => basename(path));
  const strange = readdirSync(home).find((name) => !ours.some((known) => name.startsWith(known)));
  if (strange === undefined) return;
  throw refuse(
    home,
    `other users may enter it, and it holds "${strange}". Set CW_HOME to another, or run: chmod 700 ${home}`,
  );
}

/**
 * Makes a directory and those above it; true if it was not there. Step by step, because `recursive` never returns where
 * the system says of a directory that is there that it is not, as in /proc (Node 20).
 */
function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path, { mode: OWNER_ONLY });
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Something has the name already: what it is, is looked at next.
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT' && !isThere(dirname(path))) {
      makeDirectory(dirname(path));
      return makeDirectory(path);
    }
    throw refuse(
      path,
      `it cannot be made (${error instanceof Error ? error.message : String(error)}). Set CW_HOME to another`,
    );
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function refuse(path: string, why: string): ConfigurationError {
  return new ConfigurationError(`The data directory ${path} cannot be used: ${why}.`);
}
