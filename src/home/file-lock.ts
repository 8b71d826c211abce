import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ConfigurationError } from '../environment.js';

/** A lock that the operating system gives back by itself when its holder dies, however it dies. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the lock on this file without waiting, or returns null when another process holds it. The file is an empty
 * SQLite database in an exclusive transaction, and must be opened in no other way in this process: closing any
 * descriptor of it would give the lock back. Throws a ConfigurationError for something else in its place.
 */
export function tryFileLock(file: string): FileLock | null {
  let lock: Database.Database | undefined;
  try {
    lock = new Database(file, { timeout: 0 });
    chmodSync(file, 0o600);
    // Nothing is ever written, and so no file is needed to undo it: a full disk can be locked too.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith('SQLITE_BUSY')) return null;
    throw new ConfigurationError(
      `The lock file ${file} cannot be used (${error.message}). Move it away while no server runs, and a new one is made.`,
    );
  }
  const taken = lock;
  return {
    release: () => {
      taken.close();
    },
  };
}
