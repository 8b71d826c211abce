import { closeSync, constants, fstatSync, opendirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notFound } from '../../domain/shared/domain-error.js';
import { codeOf } from '../../domain/shared/thrown.js';
import { IgnoreRules, MAX_RULES_BYTES } from './ignore-rules.js';

/** Entries of one directory that are looked at; they are sorted, and so held in memory together. */
const MAX_ENTRIES = 200_000;

/** What a walk comes across. `isComplete` is false for a directory that has more entries than are looked at. */
export interface Walked {
  /** Relative, with `/`; of a directory with one at the end. The workspace itself is the empty path. */
  readonly path: string;
  readonly isDirectory: boolean;
  readonly isComplete: boolean;
}

/**
 * Goes through all that is not ignored, in the order of the paths, from after a path on. It works synchronously, which
 * is three times as fast: for a worker thread. Throws `not_found` when the directory is not there.
 */
export async function walk(root: string, after: string | null): Promise<Iterable<Walked>> {
  return walkFrom(root, after ?? '', await IgnoreRules.around(root));
}

function* walkFrom(root: string, after: string, rules: IgnoreRules): Generator<Walked> {
  const first = readEntries(root, '', rules);
  if (first === null) throw notFound('directory', root);
  yield { path: '', isDirectory: true, isComplete: first.isComplete };
  // A stack of its own: no depth of directories can be too deep for it. The next entry is the last of each list.
  const open: string[][] = [first.entries];
  for (let entries = open.at(-1); entries !== undefined; entries = open.at(-1)) {
    const path = entries.pop();
    if (path === undefined) {
      open.pop();
      continue;
    }
    const isDirectory = path.endsWith('/');
    if (!isDirectory) {
      if (path > after) yield { path, isDirectory, isComplete: true };
      continue;
    }
    // All of it comes before.
    if (path < after && !after.startsWith(path)) continue;
    const read = readEntries(root, path, rules);
    if (read === null) continue;
    yield { path, isDirectory, isComplete: read.isComplete };
    open.push(read.entries);
  }
}

/** The paths in a directory that are not ignored, last first, directories with a `/`; null for what cannot be read. */
function readEntries(root: string, directory: string, rules: IgnoreRules) {
  const entries: string[] = [];
  const found: { path: string; isDirectory: boolean }[] = [];
  let isComplete = true;
  try {
    const handle = opendirSync(join(root, directory), { bufferSize: 256 });
    try {
      for (let entry = handle.readSync(); entry !== null; entry = handle.readSync()) {
        if (found.length >= MAX_ENTRIES) {
          isComplete = false;
          break;
        }
        const isDirectory = entry.isDirectory();
        // Pipes, sockets and devices are no files to list.
        if (!isDirectory && !entry.isFile() && !entry.isSymbolicLink()) continue;
        if (entry.name === '.gitignore')
          rules.set(directory.slice(0, -1), readRules(join(root, directory, entry.name)));
        found.push({ path: directory + entry.name, isDirectory });
      }
    } finally {
      handle.closeSync();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
  for (const { path, isDirectory } of found) {
    if (!rules.ignores(path, isDirectory)) entries.push(isDirectory ? `${path}/` : path);
  }
  entries.sort((a, b) => (a < b ? 1 : -1));
  return { entries, isComplete };
}

/** Null for anything but a regular file of a sensible size. */
function readRules(path: string): string | null {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(file);
    return found.isFile() && found.size <= MAX_RULES_BYTES ? readFileSync(file, 'utf8') : null;
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
