import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './environment.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { tryFileLock } from './home/file-lock.js';
import { homePaths } from './home/home-paths.js';
import { prepareHome } from './home/prepare-home.js';
import { BadDatabaseError } from './infrastructure/sqlite/bad-database-error.js';
import { type RestoredDatabase, restoreDatabase } from './infrastructure/sqlite/restore-database.js';
import { packageRoot } from './installation.js';

/** What came of it: the database that is there now, or a sentence with the exit code. */
export type Restored =
  | ({ readonly restored: true } & RestoredDatabase)
  | { readonly restored: false; readonly exitCode: ExitCode; readonly message: string };

/**
 * Puts a backup in the place of the database, in the process that asks for it: while it holds the lock of the data
 * directory, no server runs and none can start. `file` is an absolute path.
 */
export async function restore({
  environment,
  file,
}: {
  readonly environment: Environment;
  readonly file: string;
}): Promise<Restored> {
  const paths = homePaths(environment.home);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    return refuse(EXIT.notFound, `There is no file ${file}.`);
  }
  await prepareHome(paths);
  const lock = tryFileLock(paths.serverLock);
  if (lock === null) {
    return refuse(EXIT.otherServer, `A server runs for ${paths.home}; stop it with "cw stop", and try again.`);
  }
  try {
    const migrationsDirectory = join(packageRoot(), 'migrations');
    const options = { from: file, file: paths.database, markFile: paths.mark, migrationsDirectory };
    const restored = restoreDatabase(options);
    // It was about the database that was there before.
    rmSync(paths.databaseCheck, { force: true });
    return { restored: true, ...restored };
  } catch (error) {
    if (!(error instanceof BadDatabaseError)) throw error;
    return refuse(EXIT.configuration, error.message);
  } finally {
    lock.release();
  }
}

function refuse(exitCode: ExitCode, message: string): Restored {
  return { restored: false, exitCode, message };
}
