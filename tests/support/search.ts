import Database from 'better-sqlite3';
import type { Document } from '../../src/domain/memory/document.js';
import type { HitPage, SearchRequest } from '../../src/domain/memory/search-request.js';
import { DocumentWrites } from '../../src/infrastructure/sqlite/document-writes.js';
import { readMigrations } from '../../src/infrastructure/sqlite/migration-files.js';
import { DocumentSearch } from '../../src/infrastructure/sqlite/search-documents.js';
import { MIGRATIONS } from './storage.js';

/** An index of its own in memory, and the search over it. */
export interface SearchBench extends Disposable {
  readonly database: Database.Database;
  readonly writes: DocumentWrites;
  add(...documents: Partial<Document>[]): void;
  search(text: string, request?: Partial<SearchRequest>): HitPage;
  /** The keys of the hits, best first. */
  keys(text: string, request?: Partial<SearchRequest>): number[];
}

export const SEARCH_TIME = Date.UTC(2026, 0, 15, 12);

/** Documents get the keys from 1 on, an hour apart, unless they say otherwise. */
export function openSearchBench(): SearchBench {
  const database = new Database(':memory:');
  for (const { sql } of readMigrations(MIGRATIONS)) database.exec(sql);
  const writes = new DocumentWrites(database);
  const search = new DocumentSearch(database);
  let last = 0;
  const bench: SearchBench = {
    database,
    writes,
    add(...documents) {
      for (const document of documents) {
        last += 1;
        writes.insert({
          key: last,
          kind: 'observation',
          type: 'change',
          workspace: 1,
          session: null,
          at: SEARCH_TIME - 3_600_000 * (1_000 - last),
          who: null,
          title: '',
          body: '',
          files: [],
          concepts: [],
          pinned: false,
          ...document,
        });
      }
    },
    search: (text, request) => search.search({ text, filter: {}, now: SEARCH_TIME, limit: 50, ...request }),
    keys: (text, request) => bench.search(text, request).hits.map(({ key }) => key),
    [Symbol.dispose]: () => database.close(),
  };
  return bench;
}
