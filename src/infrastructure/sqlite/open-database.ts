import { chmodSync, closeSync, openSync, readSync } from 'node:fs';
import Database from 'better-sqlite3';
import { BadDatabaseError } from './bad-database-error.js';

/** `full`: what was acknowledged survives a power cut. `normal`: it survives a crash of the server. */
export type Durability = 'full' | 'normal';

/** Older versions have the WAL-reset bug, which can damage a database that two connections use. */
const OLDEST_SQLITE = [3, 51, 3];
/** Marks the file as ours: "CWDB". */
export const APPLICATION_ID = 0x43574442;
/** How long to wait for a lock of another program (a backup tool, a curious user), in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;
/** The write-ahead log is cut back to this size when it has been checkpointed, in bytes. */
const WAL_LIMIT = 64 * 1024 * 1024;
const HEADER = Buffer.from('SQLite format 3\0');

/** Opens the one connection that writes. Throws BadDatabaseError for a file that cannot be used as it is. */
export function openWriter(file: string, durability: Durability): Database.Database {
  makePrivate(file);
  const database = open(file, {});
  try {
    requireVersion(database);
    requireOurs(database, file);
    if (database.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
      throw new BadDatabaseError(
        `${file} is on a file system without write-ahead logging; move CW_HOME to a local disk.`,
      );
    }
    database.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
    database.pragma('foreign_keys = ON');
    database.pragma(`journal_size_limit = ${WAL_LIMIT}`);
    return database;
  } catch (error) {
    database.close();
    throw unusable(error, file);
  }
}

/** Opens the connection that only reads, on a database that a writer has open. */
export function openReader(file: string): Database.Database {
  return open(file, { readonly: true, fileMustExist: true });
}

function open(file: string, options: Database.Options): Database.Database {
  try {
    return new Database(file, { ...options, timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw unusable(error, file);
  }
}

/** Creates the file, or narrows its mode, so that only its owner reads it; SQLite gives its -wal and -shm the same mode. */
function makePrivate(file: string): void {
  let handle: number;
  try {
    handle = openSync(file, 'a+', 0o600);
  } catch (error) {
    throw unusable(error, file);
  }
  try {
    const start = Buffer.alloc(HEADER.length);
    const length = readSync(handle, start, 0, start.length, 0);
    if (length > 0 && !start.equals(HEADER)) throw notADatabase(file);
  } finally {
    closeSync(handle);
  }
  chmodSync(file, 0o600);
}

function requireVersion(database: Database.Database): void {
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  const parts = version.split('.').map(Number);
  for (const [place, oldest] of OLDEST_SQLITE.entries()) {
    const part = parts[place] ?? 0;
    if (part > oldest) return;
    if (part < oldest) throw new Error(`SQLite ${OLDEST_SQLITE.join('.')} or newer is needed; this is ${version}.`);
  }
}

/** Reading the schema also finds a file that was cut off or is damaged at its start. */
function requireOurs(database: Database.Database, file: string): void {
  const tables = database.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() ?? 0;
  const isOurs = database.pragma('application_id', { simple: true }) === APPLICATION_ID;
  if (tables > 0 && !isOurs) {
    throw new BadDatabaseError(
      `${file} is a database of another program; move it away, or set CW_HOME to another directory.`,
    );
  }
}

function unusable(error: unknown, file: string): unknown {
  if (error instanceof Database.SqliteError) {
    if (error.code === 'SQLITE_NOTADB') return notADatabase(file, error);
    if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_IOERR_SHORT_READ') {
      return new BadDatabaseError(
        `${file} is damaged (${error.code}); restore a backup with "cw restore", or move the file away to start afresh.`,
        { cause: error },
      );
    }
    return new BadDatabaseError(`${file} cannot be opened (${error.code}): ${error.message}.`, { cause: error });
  }
  if (error instanceof Error && 'syscall' in error) {
    return new BadDatabaseError(`${file} cannot be opened: ${error.message}.`, { cause: error });
  }
  return error;
}

function notADatabase(file: string, cause?: unknown): BadDatabaseError {
  return new BadDatabaseError(
    `${file} is not a database; restore a backup with "cw restore", or move the file away to start afresh.`,
    { cause },
  );
}
