import { statSync } from 'node:fs';
import type { Compacted } from '../../application/ports/compact-storage.js';
import { openReader } from './open-database.js';

/** What compacting would do to the database, as far as can be told without doing it. For a worker thread. */
export function measureDatabase({ database: path }: { readonly database: string }): Compacted {
  const database = openReader(path);
  try {
    const [pages = 0, free = 0, pageBytes = 0] = ['page_count', 'freelist_count', 'page_size'].map((name) =>
      Number(database.pragma(name, { simple: true })),
    );
    const bytesBefore = sizeOf(path);
    return { bytesBefore, bytesAfter: Math.min(bytesBefore, (pages - free) * pageBytes) };
  } finally {
    database.close();
  }
}

/** The size of the database and its write-ahead log, in bytes. */
export function sizeOf(path: string): number {
  return ['', '-wal'].reduce((sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0), 0);
}
