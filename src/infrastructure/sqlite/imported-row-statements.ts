import type { Database, Statement } from 'better-sqlite3';

export const IMPORTED_ROW_STATEMENTS = {
  find: 'SELECT key FROM imported_row WHERE source = ?',
  insert: 'INSERT INTO imported_row (source, key) VALUES (?, ?)',
  isTaken: `SELECT EXISTS (SELECT 1 FROM observation WHERE id = @key) OR EXISTS (SELECT 1 FROM prompt WHERE id = @key)
    OR EXISTS (SELECT 1 FROM session WHERE id = @key) OR EXISTS (SELECT 1 FROM workspace WHERE id = @key)
    OR EXISTS (SELECT 1 FROM task WHERE id = @key) OR EXISTS (SELECT 1 FROM agent WHERE id = @key)`,
} as const;

/** All that is asked and written about imported rows, prepared once for the connection that writes. */
export class ImportedRowStatements {
  readonly #find: Statement<[string], number>;
  readonly #insert: Statement<[string, number]>;
  readonly #isTaken: Statement<[{ key: number }], number>;

  constructor(database: Database) {
    this.#find = database.prepare<[string], number>(IMPORTED_ROW_STATEMENTS.find).pluck();
    this.#insert = database.prepare<[string, number]>(IMPORTED_ROW_STATEMENTS.insert);
    this.#isTaken = database.prepare<[{ key: number }], number>(IMPORTED_ROW_STATEMENTS.isTaken).pluck();
  }

  has(source: string): boolean {
    return this.#find.get(source) !== undefined;
  }

  /** Notes the row with the first key from this one on that nothing has. */
  give(source: string, from: number): number {
    let key = from;
    while (this.#isTaken.get({ key }) === 1) key += 1;
    this.#insert.run(source, key);
    return key;
  }
}
