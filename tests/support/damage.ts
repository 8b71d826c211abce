import { closeSync, openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Overwrites the leaf pages of a table of a database that nobody has open, so that its schema can still be read. */
export function damageTable(file: string, table: string): void {
  const { pages, size } = pagesOf(file, table);
  const handle = openSync(file, 'r+');
  for (const page of pages) writeSync(handle, Buffer.alloc(size / 2, 0xff), 0, size / 2, (page - 1) * size + 8);
  closeSync(handle);
}

function pagesOf(file: string, table: string): { pages: number[]; size: number } {
  const database = new Database(file, { readonly: true });
  try {
    const sql = `SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'`;
    const size = database.pragma('page_size', { simple: true }) as number;
    return { pages: database.prepare<[string], number>(sql).pluck().all(table), size };
  } finally {
    database.close();
  }
}
