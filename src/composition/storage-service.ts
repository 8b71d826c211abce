import { join } from 'node:path';
import { type Provider, provider } from '../application/lifecycle/service.js';
import { openSqliteStorage, type SqliteStorage } from '../infrastructure/sqlite/sqlite-storage.js';
import { packageRoot } from '../installation.js';
import type { Ground } from './ground.js';

/** Opens the database, after upgrading it if it is older than the program. */
export function createStorageService({ paths, config, loop }: Ground): Provider<SqliteStorage> {
  return provider({
    name: 'storage',
    needs: [],
    critical: true,
    start: (scope) =>
      scope.acquire(
        'database',
        () =>
          openSqliteStorage({
            file: paths.database,
            backupsDirectory: paths.backups,
            migrationsDirectory: join(packageRoot(), 'migrations'),
            durability: config.durability,
            noteWork: loop.note,
          }),
        (opened) => opened.close(),
      ),
  });
}
