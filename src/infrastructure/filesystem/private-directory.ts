import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, readdir } from 'node:fs/promises';
import { DomainError } from '../../domain/shared/domain-error.js';

const OWNER_ONLY = 0o700;
/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;

/**
 * Makes a directory that only this user may enter, or checks one that is there. One that is too open is closed to
 * others when nothing is in it but names of `ours`: it was made by hand for us. Throws `forbidden`, with a sentence that
 * says what to do, for a symbolic link, for another user's directory, and for an open one that holds anything else,
 * since closing that could lock others out of what is theirs. On Windows, where modes mean nothing, only the link and
 * the kind are checked.
 */
export async function ensurePrivateDirectory(path: string, ours: ReadonlySet<string> = new Set()): Promise<void> {
  await make(path);
  const found = await lstat(path);
  if (found.isSymbolicLink()) throw refuse(path, 'it is a symbolic link. Name the directory that it points to');
  if (!found.isDirectory()) throw refuse(path, 'it is not a directory. Name another, or move the file away');
  if (process.getuid === undefined) return;
  if (found.uid !== process.getuid()) throw refuse(path, 'it belongs to another user. Name a directory of your own');
  if ((found.mode & OTHERS) === 0) return;

  const strange = (await readdir(path)).find((name) => !ours.has(name));
  if (strange !== undefined) {
    throw refuse(
      path,
      `other users may enter it, and it holds ${JSON.stringify(strange)}. Name another directory, or run: chmod 700 ${path}`,
    );
  }
  await close(path, found);
}

async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: OWNER_ONLY });
  } catch (error) {
    const isThere = await lstat(path).catch(() => null);
    // What it is, if no directory, is said by the caller.
    if (isThere === null)
      throw refuse(path, `it cannot be made (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Through a descriptor, so that the directory which was looked at is the one that is changed. */
async function close(path: string, looked: Stats): Promise<void> {
  await using directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const opened = await directory.stat();
  if (opened.ino !== looked.ino || opened.dev !== looked.dev)
    throw refuse(path, 'it was replaced meanwhile. Try again');
  await directory.chmod(OWNER_ONLY);
}

function refuse(path: string, why: string): DomainError {
  return new DomainError('forbidden', `The directory ${path} cannot be used: ${why}.`);
}
