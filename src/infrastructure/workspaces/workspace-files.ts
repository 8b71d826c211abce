import type { Workers } from '../../application/ports/workers.js';
import type { WorkspaceFiles } from '../../application/ports/workspace-files.js';
import type { changedFiles, countFiles, listFiles } from './file-jobs.js';

/** Longest waits for an answer, in milliseconds: a page is for somebody who looks on, a scan may be of a whole disk. */
const LIST_LIMIT_MS = 20_000;
const COUNT_LIMIT_MS = 120_000;
const COMPARE_LIMIT_MS = 60_000;

interface FileJobs {
  readonly [name: string]: (input: never) => Promise<unknown>;
  readonly listFiles: typeof listFiles;
  readonly countFiles: typeof countFiles;
  readonly changedFiles: typeof changedFiles;
}

/** Files of workspaces, looked at in worker threads. Changes in `exclude`, an absolute path, do not count. */
export function createWorkspaceFiles(workers: Pick<Workers<FileJobs>, 'run'>, exclude?: string): WorkspaceFiles {
  return {
    list: (request, signal) => workers.run('listFiles', request, { timeoutMs: LIST_LIMIT_MS, signal }),
    count: (root, signal) => workers.run('countFiles', { root }, { timeoutMs: COUNT_LIMIT_MS, signal }),
    changedSince: (root, since, signal) =>
      workers.run('changedFiles', { root, since, exclude: exclude ?? null }, { timeoutMs: COMPARE_LIMIT_MS, signal }),
  };
}
