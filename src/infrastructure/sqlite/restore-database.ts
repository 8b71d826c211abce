import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { messageOf } from '../../domain/shared/thrown.js';
import { BadDatabaseError } from './bad-database-error.js';
import { findFaults } from './check-database.js';
import { readHeader } from './database-header.js';
import { EVENT_STATEMENTS } from './event-rows.js';
import { requireReadable } from './migrator.js';
import { filesOf, makeAside } from './put-aside.js';

export interface RestoreDatabase {
  /** The backup, or any database of ours; it is only read. */
  readonly from: string;
  /** The database whose place it takes. Nobody has it open. */
  readonly file: string;
  readonly markFile: string;
  readonly migrationsDirectory: string;
}

export interface RestoredDatabase {
  readonly bytes: number;
  /** The last event in it. */
  readonly position: number;
  /** Where the files are that were there before; null if there were none. */
  readonly kept: string | null;
}

/**
 * Puts a database in the place of the present one, whole or not at all, after it was checked. At every moment either the
 * old or the new one stands there: the log of the old one goes first, without which a crash here is found by the mark.
 * Throws a BadDatabaseError for what cannot be used, with nothing changed.
 */
export function restoreDatabase({ from, file, markFile, migrationsDirectory }: RestoreDatabase): RestoredDatabase {
  if (readHeader(from) === undefined) throw new BadDatabaseError(`${from} is not a database; name a backup.`);
  const incoming = `${file}.restoring`;
  try {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(incoming + end, { force: true });
    copyFileSync(from, incoming);
    chmodSync(incoming, 0o600);
    // A copy of a database that was in use has part of itself in there.
    if (statSync(`${from}-wal`, { throwIfNoEntry: false }) !== undefined)
      copyFileSync(`${from}-wal`, `${incoming}-wal`);
    const position = complete(incoming, from, migrationsDirectory);
    sync(incoming);
    const present = filesOf(file);
    const kept = present.length === 0 ? null : makeAside(file, 'replaced');
    for (const each of present) keep(each, join(kept ?? '', basename(each)));
    if (kept !== null) sync(kept);
    for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true });
    renameSync(incoming, file);
    rmSync(markFile, { force: true });
    sync(dirname(file));
    return { bytes: statSync(file).size, position, kept };
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(incoming + end, { force: true });
  }
}

/** Makes one file of it, and checks it; the position of its last event. */
function complete(incoming: string, from: string, migrationsDirectory: string): number {
  let database: Database.Database | undefined;
  try {
    database = new Database(incoming);
    requireReadable(database, from, migrationsDirectory);
    database.pragma('journal_mode = DELETE');
    const [fault] = findFaults(database);
    if (fault !== undefined) throw new BadDatabaseError(`${from} is damaged (${fault}); name another backup.`);
    return database.prepare<[], number>(EVENT_STATEMENTS.last).pluck().get() ?? 0;
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    throw new BadDatabaseError(`${from} cannot be used (${messageOf(error)}); name another backup.`, { cause: error });
  } finally {
    database?.close();
  }
}

/** The present file under another name; a copy where the file system knows no links. */
function keep(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch {
    copyFileSync(file, kept);
  }
}

/** Brings a file, or the names in a directory, to the disk. Windows knows no such thing for a directory. */
function sync(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
