import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { DomainError } from '../../domain/shared/domain-error.js';
import { codeOf } from '../../domain/shared/thrown.js';

/**
 * Opens a file below one of these directories for reading, wherever symbolic links lead. It never waits for a pipe's
 * writer. Throws `invalid_input` for what is no regular file of this user's there.
 */
export async function openTranscript(path: string, roots: readonly string[]): Promise<FileHandle> {
  const real = await insideOf(path, roots);
  if (real === null) throw unusable('is not there, or lies outside the directories of the agents');
  let file: FileHandle;
  try {
    file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw unusable(`cannot be opened (${codeOf(error) ?? 'unknown'})`);
  }
  try {
    const found = await file.stat();
    if (!found.isFile()) throw unusable('is no regular file');
    if (process.getuid !== undefined && found.uid !== process.getuid()) throw unusable("is another user's");
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The directory of the file, when that is the agents' own; null otherwise. */
export async function directoryOf(path: string, roots: readonly string[]): Promise<string | null> {
  return insideOf(dirname(path), roots);
}

async function insideOf(path: string, roots: readonly string[]): Promise<string | null> {
  const real = await realOf(path);
  if (real === null) return null;
  for (const root of roots) {
    const realRoot = await realOf(root);
    if (realRoot !== null && real.startsWith(realRoot + sep)) return real;
  }
  return null;
}

async function realOf(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    // Gone, forbidden, or a circle of links: it is no place that anything can be read from.
    return null;
  }
}

function unusable(what: string): DomainError {
  return new DomainError('invalid_input', `The transcript ${what}.`);
}
