import { lstat, opendir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from '../../domain/shared/thrown.js';
import { readRegularFile } from '../../read-regular-file.js';
import { IgnoreRules, MAX_RULES_BYTES } from './ignore-rules.js';
import type { DirectoryWatch, WatchDirectory } from './watch-directory.js';

/** Names that wait to be looked at; past that everything is looked at anew, and only the names are told. */
const MAX_WAITING_LOOKS = 50_000;

export interface TreeListener {
  /** A path that is not ignored was made, changed or removed. */
  changed(path: string): void;
  /** The directory itself is not there (any more), or may not be watched; the tree is closed. */
  lost(error: Error | null): void;
  /** The system allows no more watches; the tree is closed. */
  exhausted(error: Error): void;
  /** There are more directories than may be watched: those nearest to the top are. */
  full(): void;
  /** Something that should not have happened; the tree goes on as well as it can. */
  failed(error: unknown): void;
}

export interface TreeOptions {
  readonly watchDirectory: WatchDirectory;
  readonly maxDirectories: number;
  /** Absolute path of a directory that is never looked into. */
  readonly exclude?: string | undefined;
}

interface Watched {
  readonly watch: DirectoryWatch;
  /** Tells this directory from another one that takes its name. */
  readonly identity: string;
}

/**
 * Watches a directory and those in it, one watch each: a watch on each file, or a look at each file, would cost a
 * hundred times as much. One step is taken after the other, so however much happens, the event loop stays free.
 */
export function watchTree(root: string, listener: TreeListener, options: TreeOptions): { close(): void } {
  const watched = new Map<string, Watched>();
  /** Directories to open, by path, nearest to the top first; the value says whether what is in them is news. */
  const toOpen = new Map<string, boolean>();
  const toLookAt = new Set<string>();
  const withRules = new Set<string>();
  let rules = new IgnoreRules();
  let isFull = false;
  let isWorking = false;
  let isClosed = false;

  const absolute = (path: string) => (path === '' ? root : join(root, path));

  const isIgnored = (path: string, isDirectory: boolean) =>
    rules.ignores(path, isDirectory) || (options.exclude !== undefined && absolute(path) === options.exclude);
  const isOver = () => isClosed;

  function close(): void {
    isClosed = true;
    for (const { watch } of watched.values()) watch.close();
    watched.clear();
    toOpen.clear();
    toLookAt.clear();
  }

  function work(): void {
    if (isWorking || isClosed) return;
    isWorking = true;
    takeSteps()
      .catch((error: unknown) => listener.failed(error))
      .finally(() => {
        isWorking = false;
        // What came after the last look and before this line.
        if (!isClosed && toOpen.size + toLookAt.size + withRules.size > 0) work();
      });
  }

  async function takeSteps(): Promise<void> {
    while (!isClosed) {
      const [directory] = withRules;
      const [path] = toLookAt;
      const [next] = toOpen;
      if (directory !== undefined) {
        withRules.delete(directory);
        await readRules(directory);
      } else if (path !== undefined) {
        toLookAt.delete(path);
        await lookAt(path);
      } else if (next !== undefined) {
        toOpen.delete(next[0]);
        await open(...next);
      } else return;
    }
  }

  function plan(directory: string, isNew: boolean): void {
    if (watched.size + toOpen.size < options.maxDirectories || watched.has(directory)) toOpen.set(directory, isNew);
    else if (!isFull) {
      isFull = true;
      listener.full();
    }
  }

  /** Starts to watch a directory that is not watched yet, then looks for the ones in it: nothing falls between. */
  async function open(directory: string, isNew: boolean): Promise<void> {
    if (!watched.has(directory)) {
      const identity = await identityOf(absolute(directory));
      if (isClosed || (identity === null && directory !== '')) return;
      if (identity === null) {
        lose(null);
        return;
      }
      const watch = start(directory);
      if (watch === null) return;
      watched.set(directory, { watch, identity });
    }
    const found = await namesIn(absolute(directory));
    if (isClosed || found === null) return;
    if (found.hasRules) await readRules(directory, true);
    if (isOver()) return;
    const prefix = directory === '' ? '' : `${directory}/`;
    for (const name of found.directories) if (!isIgnored(prefix + name, true)) plan(prefix + name, isNew);
    if (!isNew) return;
    for (const name of found.others) if (!isIgnored(prefix + name, false)) listener.changed(prefix + name);
  }

  function start(directory: string): DirectoryWatch | null {
    try {
      return options.watchDirectory(absolute(directory), {
        event: (type, name) => onEvent(directory, type, name),
        failed: () => {
          // The look finds out whether it is still there, and watches it anew.
          drop(directory);
          toLookAt.add(directory);
          work();
        },
      });
    } catch (error) {
      const code = codeOf(error) ?? '';
      if (code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE') {
        close();
        listener.exhausted(error as Error);
      } else if (directory === '') lose(error as Error);
      // One that is gone again, or that this user may not read, has nothing to tell.
      return null;
    }
  }

  function lose(error: Error | null): void {
    close();
    listener.lost(error);
  }

  function onEvent(directory: string, type: 'rename' | 'change', name: string | null): void {
    if (isClosed) return;
    if (name === null) {
      listener.changed(directory === '' ? '.' : directory);
      return;
    }
    const path = directory === '' ? name : `${directory}/${name}`;
    if (name === '.gitignore') withRules.add(directory);
    if (type === 'rename') see(path);
    else if (!isIgnored(path, watched.has(path))) listener.changed(path);
    if (withRules.size > 0) work();
  }

  function see(path: string): void {
    if (toLookAt.size < MAX_WAITING_LOOKS) toLookAt.add(path);
    else {
      if (!isIgnored(path, false)) listener.changed(path);
      for (const directory of watched.keys()) toOpen.set(directory, false);
    }
    work();
  }

  /** Something was made, removed or renamed here. */
  async function lookAt(path: string): Promise<void> {
    const found = path === '' ? null : await lstat(absolute(path)).catch(() => null);
    if (isClosed) return;
    if (found === null) return removed(path);
    const isDirectory = found.isDirectory();
    if (isIgnored(path, isDirectory)) return;
    listener.changed(path);
    const known = watched.get(path);
    if (isDirectory && known?.identity === identityIn(found)) return;
    if (known !== undefined) drop(path);
    if (isDirectory) plan(path, true);
  }

  async function removed(path: string): Promise<void> {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const identity = await identityOf(absolute(parent));
    if (isClosed) return;
    if (identity === null) {
      if (parent === '') lose(null);
      else {
        drop(parent);
        toLookAt.add(parent);
      }
      return;
    }
    const known = watched.get(parent);
    if (known !== undefined && known.identity !== identity) {
      // Another directory has taken its name: this was its last word, in its own name.
      drop(parent);
      plan(parent, true);
      return;
    }
    const wasDirectory = watched.has(path);
    if (wasDirectory) drop(path);
    // A directory's last word comes under its own name as well: nothing of that name was ever in it.
    if (path === '' || (!wasDirectory && basename(path) === basename(absolute(parent)))) return;
    // Nobody can tell any more what it was.
    if (!isIgnored(path, false) && !isIgnored(path, true)) listener.changed(path);
  }

  function drop(directory: string): void {
    const below = directory === '' ? '' : `${directory}/`;
    for (const [path, { watch }] of watched) {
      if (path !== directory && !path.startsWith(below)) continue;
      watch.close();
      watched.delete(path);
    }
  }

  async function readRules(directory: string, isFirst = false): Promise<void> {
    rules.set(directory, await readRegularFile(join(absolute(directory), '.gitignore'), MAX_RULES_BYTES));
    if (isFirst || isClosed) return;
    const below = directory === '' ? '' : `${directory}/`;
    for (const path of [...watched.keys()].filter((each) => each === directory || each.startsWith(below))) {
      if (path !== '' && isIgnored(path, true)) drop(path);
      else if (watched.has(path)) toOpen.set(path, false);
    }
  }

  async function begin(): Promise<void> {
    rules = await IgnoreRules.around(root);
    plan('', false);
    work();
  }

  begin().catch((error: unknown) => listener.failed(error));
  return { close };
}

/** What is in a directory; null when it cannot be read. Names only: nothing is looked at. */
async function namesIn(path: string) {
  const directories: string[] = [];
  const others: string[] = [];
  try {
    for await (const entry of await opendir(path, { bufferSize: 256 })) {
      if (entry.isDirectory()) directories.push(entry.name);
      else others.push(entry.name);
    }
  } catch {
    return null;
  }
  return { directories, others, hasRules: others.includes('.gitignore') };
}

/** Null for what is no directory. */
async function identityOf(path: string): Promise<string | null> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true ? identityIn(found) : null;
}

/** Some file systems give a number again at once: the time of birth tells them apart. */
function identityIn({ dev, ino, birthtimeMs }: { dev: number; ino: number; birthtimeMs: number }): string {
  return `${dev}:${ino}:${birthtimeMs}`;
}
