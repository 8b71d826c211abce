import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../../domain/shared/thrown.js';
import { endFileName, type ProgramEnd } from './protocol.js';

const PRIVATE_FILE = 0o600;

/** Keeps how a program ended, whole or not at all. */
export async function writeEnd(directory: string, name: string, end: ProgramEnd): Promise<void> {
  const path = join(directory, endFileName(name));
  await writeFile(`${path}.new`, JSON.stringify(end), { mode: PRIVATE_FILE });
  await rename(`${path}.new`, path);
}

/** How a program of an earlier server ended; null when nobody kept it. */
export async function readEnd(directory: string, name: string): Promise<ProgramEnd | null> {
  try {
    return JSON.parse(await readFile(join(directory, endFileName(name)), 'utf8')) as ProgramEnd;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

export async function removeEnd(directory: string, name: string): Promise<void> {
  await rm(join(directory, endFileName(name)), { force: true });
}
