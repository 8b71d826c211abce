import { lstat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readRegularFile } from '../../read-regular-file.js';

/** Largest `.git`, `commondir` and the like, in bytes: each holds one path. */
const MAX_PATH_FILE_BYTES = 8_192;

/** Where a work tree's repository is. The two differ in a linked worktree only. */
export interface GitDirectories {
  readonly root: string;
  /** What belongs to this work tree alone: HEAD. */
  readonly own: string;
  /** What all work trees of the repository share: config, branches. */
  readonly common: string;
}

/**
 * The nearest work tree at or above a directory, as `git rev-parse --show-toplevel` finds it; null in a bare repository
 * and inside of `.git` too. A `core.worktree` that points elsewhere is not followed.
 */
export async function findGitDirectory(directory: string): Promise<GitDirectories | null> {
  for (let at = directory; ; at = dirname(at)) {
    const own = await gitDirectoryOf(at);
    if (own !== null) return { root: at, own, common: await commonOf(own) };
    if ((await isGitDirectory(at)) || dirname(at) === at) return null;
  }
}

/** The git directory behind `.git`: that directory itself, or where a file of that name points. */
async function gitDirectoryOf(directory: string): Promise<string | null> {
  const path = join(directory, '.git');
  const found = await lstat(path).catch(() => null);
  if (found === null) return null;
  if (found.isFile()) {
    const target = /^gitdir: (.+)$/s.exec((await readRegularFile(path, MAX_PATH_FILE_BYTES))?.trimEnd() ?? '')?.[1];
    if (target === undefined) return null;
    const pointed = resolve(directory, target);
    return (await isGitDirectory(pointed)) ? pointed : null;
  }
  return (await isGitDirectory(path)) ? path : null;
}

async function commonOf(own: string): Promise<string> {
  const text = await readRegularFile(join(own, 'commondir'), MAX_PATH_FILE_BYTES);
  return text === null ? own : resolve(own, text.trimEnd());
}

/** As git itself tells: HEAD, and objects and refs here or, in a linked worktree, where `commondir` points. */
async function isGitDirectory(path: string): Promise<boolean> {
  if ((await lstat(join(path, 'HEAD')).catch(() => null)) === null) return false;
  const common = await commonOf(path);
  const parts = await Promise.all(['objects', 'refs'].map((part) => lstat(join(common, part)).catch(() => null)));
  return parts.every((part) => part !== null && !part.isFile());
}
