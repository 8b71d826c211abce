import type { Application } from '../application/application.js';
import type { Provider, Service } from '../application/lifecycle/service.js';
import type { Workers } from '../application/ports/workers.js';
import { keepWatch } from '../application/workspace/keep-watch.js';
import type { SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { clock } from '../infrastructure/system/clock.js';
import { timer } from '../infrastructure/system/timer.js';
import { createFileWatcher } from '../infrastructure/workspaces/file-watcher.js';
import { createWorkspaceFiles } from '../infrastructure/workspaces/workspace-files.js';
import type { Ground } from './ground.js';
import type { WorkerJobs } from './worker-jobs.js';

export interface WorkspacesServiceOptions {
  readonly storage: Provider<SqliteStorage>;
  readonly workers: Provider<Workers<WorkerJobs>>;
  readonly api: Provider<Application>;
}

/** Watches the workspaces that were used last, once the server answers. */
export function createWorkspacesService(
  { log, paths }: Ground,
  { storage, workers, api }: WorkspacesServiceOptions,
): Service {
  return {
    name: 'workspaces',
    needs: [storage.name, workers.name, api.name],
    critical: false,
    start() {},
    warmUp(scope) {
      const { transaction, read, eventLog } = storage.provided();
      const { inspectWorkspace, repositories } = api.provided();
      const files = createWorkspaceFiles(workers.provided(), paths.home);
      const fileWatcher = createFileWatcher({ timer, logger: log, files, exclude: paths.home });
      return keepWatch(
        { transaction, read, eventLog, clock, repositories, logger: log, fileWatcher, inspectWorkspace },
        scope,
      );
    },
  };
}
