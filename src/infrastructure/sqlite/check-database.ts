import Database from 'better-sqlite3';

/** Of the faults that SQLite finds, so many are told. */
const MAX_FAULTS = 5;

export interface CheckDatabase {
  readonly file: string;
}

/** What was found; none in a sound database. */
export interface DatabaseCheck {
  readonly faults: readonly string[];
}

/**
 * Reads the whole database and looks for damage. For a worker thread: it takes about a second per 300 MB, and one that
 * is called off ends with the table that it is at.
 */
export function checkDatabase({ file }: CheckDatabase): DatabaseCheck {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true });
    const found = database.pragma(`quick_check(${MAX_FAULTS})`) as { readonly quick_check: string }[];
    return { faults: found.map((row) => row.quick_check).filter((line) => line !== 'ok') };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { faults: [error.message] };
  } finally {
    database?.close();
  }
}

function isDamage(error: unknown): error is Error {
  if (!(error instanceof Database.SqliteError)) return false;
  return error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB';
}
