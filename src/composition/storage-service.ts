import { join } from 'node:path';
import { type Provider, provider } from '../application/lifecycle/service.js';
import type { Workers } from '../application/ports/workers.js';
import { openSqliteStorage, type SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { bootId } from '../infrastructure/system/boot-id.js';
import { packageRoot } from '../installation.js';
import { checkStorage, noteNewDatabase } from './check-storage.js';
import type { Ground } from './ground.js';
import type { WorkerJobs } from './worker-jobs.js';

/** Opens the database, after upgrading it if it is older than the program; looks for damage once the server answers. */
export function createStorageService(ground: Ground, workers: Provider<Workers<WorkerJobs>>): Provider<SqliteStorage> {
  const { paths, config, loop, log } = ground;
  return provider({
    name: 'storage',
    needs: [workers.name],
    critical: true,
    async start(scope) {
      await noteNewDatabase(ground);
      return await scope.acquire(
        'database',
        () =>
          openSqliteStorage({
            file: paths.database,
            backupsDirectory: paths.backups,
            migrationsDirectory: join(packageRoot(), 'migrations'),
            durability: config.durability,
            guard: { markFile: paths.mark, bootId: bootId(), logger: log },
            noteWork: loop.note,
          }),
        (opened) => opened.close(),
      );
    },
    warmUp: (scope) => checkStorage(ground, workers.provided(), scope.signal),
  });
}
