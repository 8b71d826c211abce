import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';

import { BadDatabaseError } from './bad-database-error.js';
import { copyFrom } from './copy-database.js';
import { type MigrationFile, readMigrations } from './migration-files.js';
import { APPLICATION_ID } from './open-database.js';

/** Most backups from before an upgrade that are kept; older ones are removed. */
export const MAX_UPGRADE_BACKUPS = 5;

interface AppliedMigration {
  number: number;
  name: string;
  sha256: string;
}

export interface MigratorOptions {
  readonly migrationsDirectory: string;
  readonly backupsDirectory: string;
}

/**
 * Brings the database to the newest schema: all pending migrations in one transaction, after a backup unless the
 * database is new. Throws BadDatabaseError, with nothing changed, when the files do not fit the database or one fails.
 */
export async function migrate(database: Database, options: MigratorOptions): Promise<void> {
  const files = readMigrations(options.migrationsDirectory);
  const applied = readApplied(database);
  requireFitting(database.name, files, applied);
  const pending = files.slice(applied.length);
  const first = pending[0];
  if (first === undefined) return;
  if (applied.length > 0) await backUp(database, first, options.backupsDirectory);
  // A table that is rebuilt would take along what refers to it; all references are checked before the COMMIT instead.
  database.pragma('foreign_keys = OFF');
  try {
    applyAll(database, pending);
  } finally {
    database.pragma('foreign_keys = ON');
  }
}

/** Throws a BadDatabaseError, which calls the database `path`, for one that is not ours or does not fit the program. */
export function requireReadable(database: Database, path: string, migrationsDirectory: string): void {
  const applied = readApplied(database);
  if (applied.length === 0 || database.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new BadDatabaseError(`${path} is no database of Codewalkers; name a backup.`);
  }
  requireFitting(path, readMigrations(migrationsDirectory), applied);
}

function readApplied(database: Database): AppliedMigration[] {
  const exists = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'migration'`).get() !== undefined;
  if (!exists) return [];
  return database.prepare<[], AppliedMigration>('SELECT number, name, sha256 FROM migration ORDER BY number').all();
}

function requireFitting(path: string, files: readonly MigrationFile[], applied: readonly AppliedMigration[]): void {
  const newest = applied.at(-1);
  if (newest !== undefined && newest.number > files.length) {
    throw new BadDatabaseError(
      `${path} was written by a newer version of Codewalkers (migration ${newest.name}); install that version, or restore an older backup.`,
    );
  }
  for (const [index, { number, name, sha256 }] of applied.entries()) {
    const file = files[index];
    if (file?.number !== number || file.sha256 !== sha256) {
      throw new BadDatabaseError(
        `${path} does not fit this program: migration ${name} has been changed since it was applied; install an unchanged version.`,
      );
    }
  }
}

async function backUp(database: Database, before: MigrationFile, directory: string): Promise<void> {
  const file = join(directory, `before-${before.name}-${Date.now()}.db`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await copyFrom(database, { file, partial: `${file}.partial` }, 'unchecked');
  const older = readdirSync(directory)
    .filter((name) => /^before-\d{4}-.*-\d+\.db$/.test(name))
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(MAX_UPGRADE_BACKUPS);
  for (const name of older) rmSync(join(directory, name), { force: true });
}

function timeOf(name: string): number {
  return Number(/-(\d+)\.db$/.exec(name)?.[1] ?? 0);
}

function applyAll(database: Database, pending: readonly MigrationFile[]): void {
  database.exec('BEGIN EXCLUSIVE');
  try {
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.exec(`CREATE TABLE IF NOT EXISTS migration (
      number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`);
    for (const migration of pending) apply(database, migration);
    const dangling = database.pragma('foreign_key_check') as unknown[];
    if (dangling.length > 0) {
      throw new BadDatabaseError(`${database.name} was not upgraded: ${dangling.length} references lead nowhere.`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function apply(database: Database, { number, name, sql, sha256 }: MigrationFile): void {
  try {
    database.exec(sql);
    if (!database.inTransaction) throw new Error('it ends the transaction');
    database.prepare('INSERT INTO migration VALUES (?, ?, ?, ?)').run(number, name, sha256, Date.now());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadDatabaseError(
      `${database.name} was not upgraded and is as it was: migration ${name} failed (${reason}).`,
      { cause: error },
    );
  }
}
