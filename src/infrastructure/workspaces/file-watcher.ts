import { sep } from 'node:path';
import type { FileWatcher, WatchListener } from '../../application/ports/file-watcher.js';
import type { Logger } from '../../application/ports/logger.js';
import type { Timer } from '../../application/ports/timer.js';
import type { WorkspaceFiles } from '../../application/ports/workspace-files.js';
import { codeOf, messageOf } from '../../domain/shared/thrown.js';
import { awaitDirectory } from './await-directory.js';
import { createChangeBatch } from './change-batch.js';
import { watchTree } from './directory-tree.js';
import { POLL_MS, pollFiles } from './poll-files.js';
import { watchDirectory as systemWatch, type WatchDirectory } from './watch-directory.js';

/**
 * Directories of one workspace that are watched. Each is one inotify watch, of which old systems allow 8,192 to all
 * programs of a user together, and some 4 kB here.
 */
const MAX_WATCHED_DIRECTORIES = 4_000;

export interface FileWatcherOptions {
  readonly timer: Timer;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  readonly files: Pick<WorkspaceFiles, 'changedSince'>;
  readonly watchDirectory?: WatchDirectory;
  readonly maxDirectories?: number;
  /** Absolute path that is not watched, nor what is in it: the server's own data, which changes with every event. */
  readonly exclude?: string;
}

/** Watches workspaces with what the system has for it; where it allows no more, by looking now and then. */
export function createFileWatcher(options: FileWatcherOptions): FileWatcher {
  return {
    watch(root, listener) {
      const { exclude } = options;
      if (exclude !== undefined && (root === exclude || root.startsWith(exclude + sep))) {
        listener.noticed('The data directory of the server is not watched.');
        return { close: () => {} };
      }
      return watchFiles(root, listener, options);
    },
  };
}

/** `tree ──▶ lost ──▶ tree`, and from both `──▶ polling ──▶ lost`: one of them is open at a time. */
function watchFiles(root: string, listener: WatchListener, options: FileWatcherOptions): { close(): void } {
  const { timer, logger, watchDirectory = systemWatch, maxDirectories = MAX_WATCHED_DIRECTORIES } = options;
  const batch = createChangeBatch(timer, (changes) => listener.changed(changes));
  let open: { close(): void } = { close: () => {} };
  let isClosed = false;

  function notice(sentence: string | null, error?: unknown): void {
    if (sentence !== null) logger.warn(sentence, { root, ...(error === undefined ? {} : { error }) });
    listener.noticed(sentence);
  }

  function become(next: () => { close(): void }): void {
    open.close();
    if (!isClosed) open = next();
  }

  function tree(): { close(): void } {
    return watchTree(
      root,
      {
        changed: (path) => batch.add(path),
        lost: (error) => become(() => lost(error)),
        exhausted: (error) => become(() => poll(error)),
        full: () =>
          notice(
            `Only the ${maxDirectories.toLocaleString('en')} directories nearest to the top are watched; name what need not be in .gitignore.`,
          ),
        failed: (error) => logger.error('a workspace is not watched as it should be', { root, error }),
      },
      { watchDirectory, maxDirectories, exclude: options.exclude },
    );
  }

  function lost(error: Error | null): { close(): void } {
    if (error === null) notice('The directory is gone; it is watched again when it is back.');
    else notice(`The directory cannot be watched: ${messageOf(error)}`, error);
    // One that may not be read is there already: it is tried again with the next use.
    if (error !== null && codeOf(error) !== 'ENOENT') return { close: () => {} };
    return awaitDirectory(root, watchDirectory, {
      back: () => {
        notice(null);
        become(tree);
        batch.add('.');
      },
      failed: (cause) => become(() => poll(cause)),
    });
  }

  function poll(error: unknown): { close(): void } {
    notice(
      `The system watches no more directories (${codeOf(error) ?? messageOf(error)}), so changes are looked for every ` +
        `${String(POLL_MS / 1_000)} s; on Linux raise fs.inotify.max_user_watches or max_user_instances.`,
      error,
    );
    return pollFiles(
      root,
      { changed: (changes) => listener.changed(changes), lost: () => become(() => lost(null)) },
      options,
    );
  }

  open = tree();
  return {
    close() {
      isClosed = true;
      open.close();
      batch.close();
    },
  };
}
