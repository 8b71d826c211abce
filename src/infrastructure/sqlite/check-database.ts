import Database from 'better-sqlite3';

/** Of the faults that are found, so many are told. */
const MAX_FAULTS = 5;

/** Characters of a fault that are told. */
const MAX_FAULT_LENGTH = 200;

export interface CheckDatabase {
  readonly file: string;
}

/** What was found; none in a sound database. */
export interface DatabaseCheck {
  readonly faults: readonly string[];
}

/** Reads a whole database that is in use and looks for damage. For a worker thread: a second or so for every 500 MB. */
export function checkDatabase({ file }: CheckDatabase): DatabaseCheck {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true });
    return { faults: findFaults(database) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { faults: [error.message] };
  } finally {
    database?.close();
  }
}

/**
 * What is wrong with an open database, table by table: each is one call that nothing can end early, so many short ones
 * let a worker thread go sooner.
 */
export function findFaults(database: Database.Database): string[] {
  const tables = database
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND rootpage > 0`,
    )
    .pluck()
    .all();
  const faults: string[] = [];
  for (const table of tables) {
    try {
      const found = database.pragma(`quick_check("${table.replaceAll('"', '""')}")`) as { quick_check: string }[];
      faults.push(...found.map((row) => row.quick_check).filter((line) => line !== 'ok'));
    } catch (error) {
      if (!isDamage(error)) throw error;
      faults.push(`${table}: ${error.message}`);
    }
    if (faults.length >= MAX_FAULTS) break;
  }
  return faults.slice(0, MAX_FAULTS).map(firstLine);
}

/** SQLite lists everything that is wrong with a table in one text, under a title. */
function firstLine(fault: string): string {
  return (fault.split('\n').find((line) => !line.startsWith('***')) ?? fault).slice(0, MAX_FAULT_LENGTH);
}

/** Whether SQLite says of a file that it is damaged. */
export function isDamage(error: unknown): error is Error {
  if (!(error instanceof Database.SqliteError)) return false;
  return (
    error.code.startsWith('SQLITE_CORRUPT') ||
    error.code === 'SQLITE_NOTADB' ||
    error.code === 'SQLITE_IOERR_SHORT_READ'
  );
}
