import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readHeader } from './database-header.js';

/** The newest backup in this directory that is ours and complete, as its header says; undefined for none. */
export function newestBackup(directory: string): string | undefined {
  if (!existsSync(directory)) return undefined;
  return readdirSync(directory)
    .filter((name) => name.endsWith('.db'))
    .map((name) => join(directory, name))
    .map((file) => ({ file, at: statSync(file).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .find(({ file }) => isComplete(file))?.file;
}

function isComplete(file: string): boolean {
  const found = statSync(file);
  const header = found.isFile() ? readHeader(file) : undefined;
  return header?.isOurs === true && found.size >= header.bytes;
}
