import { constants, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, messageOf } from '../domain/shared/thrown.js';
import { ConfigurationError } from '../environment.js';
import { isOpenToOthers, isOurs } from './ownership.js';

const OWNER_ONLY = 0o700;

/**
 * Makes a directory that only this user may enter, or checks one that is there. One that is too open is closed to
 * others when nothing is in it but names of `ours`: it was made by hand for us. Throws a ConfigurationError, with a
 * sentence that says what to do, for a symbolic link, for another user's directory, and for an open one that holds
 * anything else, since closing that could lock others out of what is theirs. On Windows, where modes mean nothing, only
 * the link and the kind are checked.
 */
export async function ensurePrivateDirectory(path: string, ours: ReadonlySet<string> = new Set()): Promise<void> {
  const isNew = await make(path);
  const found = await lstat(path);
  if (found.isSymbolicLink()) throw refuse(path, 'it is a symbolic link. Set CW_HOME to a directory that is none');
  if (!found.isDirectory()) throw refuse(path, 'it is not a directory. Set CW_HOME to another');
  if (!isOurs(found)) throw refuse(path, 'it belongs to another user. Set CW_HOME to another');
  // The mode for mkdir is cut by the umask; one that takes rights from the owner too is put right here.
  if (isNew) await chmod(path, OWNER_ONLY);
  else if (isOpenToOthers(found)) await closeToOthers(path, found, ours);
}

async function closeToOthers(path: string, found: Stats, ours: ReadonlySet<string>): Promise<void> {
  const strange = (await readdir(path)).find((name) => !ours.has(name));
  if (strange !== undefined) {
    throw refuse(
      path,
      `other users may enter it, and it holds ${JSON.stringify(strange)}. Set CW_HOME to another, or run: chmod 700 ${path}`,
    );
  }
  // Through a descriptor, so that the directory which was looked at is the one that is changed.
  await using directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const opened = await directory.stat();
  if (opened.ino !== found.ino || opened.dev !== found.dev) throw refuse(path, 'it was replaced meanwhile. Try again');
  await directory.chmod(OWNER_ONLY);
}

/**
 * Makes a directory and those above it; true if it was not there. Step by step, because `recursive` never returns where
 * the system says of a directory that is there that it is not, as in /proc (Node 20).
 */
async function make(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: OWNER_ONLY });
    return true;
  } catch (error) {
    const code = codeOf(error);
    // Something has the name already: what it is, is looked at next.
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT' && !(await isThere(dirname(path)))) {
      await make(dirname(path));
      return make(path);
    }
    throw refuse(path, `it cannot be made (${messageOf(error)}). Set CW_HOME to another`);
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function refuse(path: string, why: string): ConfigurationError {
  return new ConfigurationError(`The data directory ${path} cannot be used: ${why}.`);
}
