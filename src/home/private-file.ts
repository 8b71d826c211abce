import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../domain/shared/thrown.js';
import { ConfigurationError } from '../environment.js';
import { isOpenToOthers, isOurs } from './ownership.js';

const OWNER_ONLY = 0o600;
/** Largest private file that is read, in bytes; tokens and hints have some hundred. */
const MAX_BYTES = 65_536;

/**
 * Writes a file whole or not at all, readable by this user alone: it is written beside, brought to the disk, and takes
 * the place of the old one. Throws the system's error; the old file is then as it was.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeNew(beside, text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/**
 * Reads a private file; null when it does not exist. Throws a ConfigurationError for one that is not this user's alone:
 * what others may have written is not to be trusted, and a secret that others may have read is none.
 */
export async function readPrivateFile(path: string): Promise<string | null> {
  await using file = await openIfThere(path);
  if (file === null) return null;
  const found = await file.stat();
  if (!found.isFile()) throw refuse(path, 'it is not a file');
  if (found.size > MAX_BYTES) throw refuse(path, `it has more than ${MAX_BYTES} bytes`);
  if (!isOurs(found)) throw refuse(path, 'it belongs to another user');
  if (isOpenToOthers(found)) throw refuse(path, 'other users may read or write it');
  return await file.readFile('utf8');
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    if (code === 'ELOOP') throw refuse(path, 'it is a symbolic link');
    throw error;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  await using file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY);
  await file.writeFile(text);
  await file.sync();
}

/** The new name is an entry of the directory, which must reach the disk too. Windows has no such call. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using directory = await open(path, constants.O_RDONLY);
  await directory.sync();
}

function refuse(path: string, why: string): ConfigurationError {
  return new ConfigurationError(`The file ${path} cannot be used: ${why}. Remove it, and a new one is made.`);
}
