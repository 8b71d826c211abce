import { open, rm } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { DomainError } from '../../domain/shared/domain-error.js';
import { appear } from './appear.js';
import { findFaults } from './check-database.js';
import { EVENT_STATEMENTS } from './event-rows.js';
import { storageFailure } from './storage-failure.js';

const OWNER_ONLY = 0o600;
/** Pages that are copied at a time: some 4 MB, between which the thread can be ended. */
const PAGES_PER_STEP = 1_024;
export interface CopyDatabase {
  readonly database: string;
  /** Absolute path of the copy; nothing may be there. */
  readonly file: string;
  /** What it is called until it is whole and checked; beside it. */
  readonly partial: string;
}

/** A copy that was checked. `position` is that of the last event in it. */
export interface DatabaseCopy {
  readonly bytes: number;
  readonly position: number;
}

/**
 * Copies a database that is in use, as it is at one moment, into a file that is complete by itself, and checks the copy.
 * It appears under its name whole or not at all, readable by its owner alone. Throws `conflict` when something has that
 * name, and `unavailable` when there is no room or the copy turns out to be damaged. For a worker thread.
 */
export async function copyDatabase({ database, ...target }: CopyDatabase): Promise<DatabaseCopy> {
  const source = new Database(database, { readonly: true, fileMustExist: true });
  try {
    // One snapshot for all steps: without it the copy would begin anew whenever somebody writes.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    return await copyFrom(source, target, 'checked');
  } finally {
    source.close();
  }
}

/** The same from a connection that nobody writes with meanwhile. The check, which is long, is for a worker thread only. */
export async function copyFrom(
  source: Database.Database,
  { file, partial }: Omit<CopyDatabase, 'database'>,
  check: 'checked' | 'unchecked',
): Promise<DatabaseCopy> {
  try {
    await (await open(partial, 'wx', OWNER_ONLY)).close();
    await source.backup(partial, { progress: () => PAGES_PER_STEP });
    const position = complete(partial, check === 'checked' ? source.name : undefined);
    const bytes = await sync(partial);
    await appear(partial, file);
    return { bytes, position };
  } catch (error) {
    throw storageFailure(error, file);
  } finally {
    await removePartial(partial);
  }
}

/** Removes what a copy that did not become whole has left, with what SQLite puts beside it. */
export async function removePartial(partial: string): Promise<void> {
  for (const end of ['', '-journal', '-wal', '-shm']) await rm(partial + end, { force: true });
}

/** Makes the copy one file that needs no other beside it, and checks it as one of `original`. Gives its last position. */
function complete(partial: string, original: string | undefined): number {
  const copy = new Database(partial);
  try {
    copy.pragma('journal_mode = DELETE');
    const [fault] = original === undefined ? [] : findFaults(copy);
    if (fault !== undefined) {
      throw new DomainError(
        'unavailable',
        `No backup was made, because ${original} is damaged (${fault}); restore an older backup with "cw restore".`,
      );
    }
    return copy.prepare<[], number>(EVENT_STATEMENTS.last).pluck().get() ?? 0;
  } finally {
    copy.close();
  }
}

/** Brings the file to the disk; its size in bytes. */
async function sync(path: string): Promise<number> {
  await using file = await open(path, 'r+');
  await file.sync();
  return (await file.stat()).size;
}
