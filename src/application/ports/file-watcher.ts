import type { FileChanges } from '../../domain/workspace/workspace.js';

/** What a watch tells. */
export interface WatchListener {
  /** Files changed, in batches: never empty, the number exact, the paths capped. */
  changed(changes: FileChanges): void;
  /** One sentence when the files are not watched as they should be; null when they are again. */
  noticed(notice: string | null): void;
}

/** Watches the files of directories. Watching costs nothing while nothing happens, unless a notice says otherwise. */
export interface FileWatcher {
  /** Watches what the ignore rules of this absolute path leave. Never throws: what goes wrong is a notice. */
  watch(root: string, listener: WatchListener): { close(): void };
}
