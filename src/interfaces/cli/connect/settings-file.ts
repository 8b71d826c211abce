import { randomUUID } from 'node:crypto';
import { constants, lstatSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../../../domain/shared/thrown.js';
import { ConfigurationError } from '../../../environment.js';
import { EXIT } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';

/** Settings that are not there yet are the user's alone: they may come to hold secrets. */
const NEW_FILE_MODE = 0o600;
const OWNER_MAY_WRITE = 0o200;
const PERMISSIONS = 0o777;
/** Largest settings that are read, in bytes: agents keep their history of projects there, some megabytes at most. */
const MAX_BYTES = 33_554_432;

/** Another program's settings as they are on the disk. */
export interface SettingsFile {
  /** Where they really are, links followed: that file is replaced, and the links to it stay. */
  readonly real: string;
  /** Null when there are none yet. */
  readonly text: string | null;
  readonly mode: number;
}

/** Reads settings. Throws a ConfigurationError for what cannot be settings, a CliError for what must not be written. */
export function readSettings(path: string): SettingsFile {
  const real = follow(path);
  const found = statIfThere(real);
  if (found === undefined) return { real, text: null, mode: NEW_FILE_MODE };
  if (!found.isFile()) throw new ConfigurationError(`${real} is not a file; nothing was written.`);
  if (found.size > MAX_BYTES)
    throw new ConfigurationError(`${real} has more than ${MAX_BYTES} bytes; nothing was written.`);
  if ((found.mode & OWNER_MAY_WRITE) === 0) {
    throw new CliError(EXIT.notAllowed, `${real} may not be written (it is read-only); nothing was written.`);
  }
  return { real, text: decode(readFileSync(real), real), mode: found.mode & PERMISSIONS };
}

/** Puts a file in the place of another, whole or not at all. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeNew(beside, text, mode);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  await using file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, NEW_FILE_MODE);
  await file.writeFile(text);
  // After the text, and by itself: the umask has no say in what was there before.
  await file.chmod(mode);
  await file.sync();
}

/** Where a path leads. A link to nothing leads to what is to be made. */
function follow(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
      ? resolve(dirname(path), readlinkSync(path))
      : path;
  }
}

function statIfThere(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ConfigurationError(`${file} is not UTF-8 text; nothing was written.`);
  }
}
