import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';

/** A lock that the operating system gives back by itself when its holder dies, however it dies. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the lock on this file without waiting, or returns null when another process holds it. The file is an empty
 * SQLite database in an exclusive transaction, and must be opened in no other way in this process: closing any
 * descriptor of it would give the lock back.
 */
export function tryFileLock(file: string): FileLock | null {
  const lock = new Database(file, { timeout: 0 });
  try {
    chmodSync(file, 0o600);
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  return {
    release: () => {
      lock.close();
    },
  };
}
