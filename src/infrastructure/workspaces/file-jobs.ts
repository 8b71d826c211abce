import { lstatSync, type Stats } from 'node:fs';
import { join, sep } from 'node:path';
import type { FileCount, FilesPage, FilesRequest, WorkspaceFile } from '../../application/ports/workspace-files.js';
import { matchesGlob } from '../../domain/shared/matches-glob.js';
import type { FileChanges } from '../../domain/workspace/workspace.js';
import { walk } from './walk.js';

/** Entries that one page looks at, some 50 ms of work; a filter that finds fewer files goes on with the cursor. */
const MAX_VISITED = 50_000;
/** Entries that a scan counts, some seconds of work; past that it says that it is not complete. */
const MAX_COUNTED = 2_000_000;
/** Entries that one look for changes compares. */
const MAX_COMPARED = 50_000;
/** Paths that are named of all that changed. */
export const MAX_NAMED_PATHS = 100;

/**
 * One page of files. They are listed from the disk each time and never stored: a stored list is wrong with the next
 * command that the user runs, costs a write for each file of each scan, and the order of the paths lets a page begin
 * where the last one ended without going through what lies before.
 */
export async function listFiles({ root, after, match, limit }: FilesRequest): Promise<FilesPage> {
  const items: WorkspaceFile[] = [];
  let visited = 0;
  for (const { path, isDirectory } of await walk(root, after)) {
    visited += 1;
    if (!isDirectory && (match === null || matchesGlob(path, `*${match}*`))) {
      const last = items.at(-1);
      if (items.length === limit && last !== undefined) return { items, nextCursor: last.path };
      const found = statOf(root, path);
      if (found !== null) items.push({ path, bytes: found.size, modifiedAt: Math.max(0, Math.trunc(found.mtimeMs)) });
    }
    if (visited >= MAX_VISITED) return { items, nextCursor: path };
  }
  return { items, nextCursor: null };
}

export async function countFiles({ root }: { readonly root: string }): Promise<FileCount> {
  let files = 0;
  let directories = 0;
  let complete = true;
  for (const { isDirectory, isComplete } of await walk(root, null)) {
    if (isDirectory) directories += 1;
    else files += 1;
    complete &&= isComplete;
    if (files + directories >= MAX_COUNTED) return { files, directories, complete: false };
  }
  return { files, directories, complete };
}

/** Compares times only, so that nothing need be remembered from one look to the next. */
export async function changedFiles({
  root,
  since,
  exclude = null,
}: {
  readonly root: string;
  readonly since: number;
  /** Absolute path of a directory whose changes do not count. */
  readonly exclude?: string | null;
}): Promise<FileChanges & { readonly complete: boolean }> {
  const paths: string[] = [];
  // A directory changes with what is made in it, too: it is named only when none of its files tells the same.
  const directories = new Set<string>();
  let count = 0;
  let visited = 0;
  let complete = true;
  const note = (path: string) => {
    count += 1;
    if (paths.length < MAX_NAMED_PATHS) paths.push(path);
  };
  for (const { path, isDirectory } of await walk(root, null)) {
    visited += 1;
    if (visited > MAX_COMPARED) {
      complete = false;
      break;
    }
    if (exclude !== null && `${join(root, path)}${sep}`.startsWith(exclude + sep)) continue;
    const found = statOf(root, path);
    if (found === null || found.ctimeMs <= since) continue;
    if (isDirectory) directories.add(path);
    else {
      note(path);
      directories.delete(path.slice(0, path.lastIndexOf('/') + 1));
    }
  }
  for (const directory of directories) note(directory === '' ? '.' : directory.slice(0, -1));
  return { count, paths, complete };
}

/** Null for what is gone again. */
function statOf(root: string, path: string): Stats | null {
  try {
    return lstatSync(join(root, path));
  } catch {
    return null;
  }
}
