import type { Logger } from '../../application/ports/logger.js';
import type { Timer } from '../../application/ports/timer.js';
import type { WorkspaceFiles } from '../../application/ports/workspace-files.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { FileChanges } from '../../domain/workspace/workspace.js';

/** Rest between two looks, in milliseconds. A look at 50,000 files takes a worker thread half a second. */
export const POLL_MS = 30_000;
/** A file system's clock has ticks of up to 10 ms, so a change may bear a time from before it. In milliseconds. */
const TICK_MS = 20;

export interface PollListener {
  changed(changes: FileChanges): void;
  /** The directory is not there any more; polling has ended. */
  lost(): void;
}

/** Looks for changes again and again, in a worker thread. The last resort, where the system watches nothing more. */
export function pollFiles(
  root: string,
  listener: PollListener,
  { timer, files, logger }: { timer: Timer; files: Pick<WorkspaceFiles, 'changedSince'>; logger: Pick<Logger, 'warn'> },
): { close(): void } {
  const closing = new AbortController();
  let since = Date.now();
  let cancel = timer(POLL_MS, look);

  function look(): void {
    const startedAt = Date.now();
    files
      .changedSince(root, since, closing.signal)
      .then(({ count, paths }) => {
        since = startedAt - TICK_MS;
        if (count > 0 && !closing.signal.aborted) listener.changed({ count, paths });
      })
      .catch((error: unknown) => {
        if (closing.signal.aborted) return;
        if (error instanceof DomainError && error.code === 'not_found') {
          close();
          listener.lost();
        } else logger.warn('a workspace could not be looked through', { root, error });
      })
      .finally(() => {
        if (!closing.signal.aborted) cancel = timer(POLL_MS, look);
      });
  }

  function close(): void {
    cancel();
    closing.abort(new Error('The files are no longer watched.'));
  }
  return { close };
}
