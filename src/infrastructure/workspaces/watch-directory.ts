import { watch } from 'node:fs';

/** What watches one directory, and not those in it. */
export interface DirectoryWatch {
  close(): void;
}

export interface DirectoryListener {
  /** Something happened to the entry of this name; null when the system does not say to which. */
  readonly event: (type: 'rename' | 'change', name: string | null) => void;
  readonly failed: (error: Error) => void;
}

/** Throws the system's error: ENOSPC or EMFILE when it allows no more. */
export type WatchDirectory = (path: string, listener: DirectoryListener) => DirectoryWatch;

/** The system's own watching, which keeps no process alive. */
export const watchDirectory: WatchDirectory = (path, { event, failed }) => {
  const watcher = watch(path, { persistent: false }, event);
  watcher.on('error', failed);
  return watcher;
};
