import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type { Features } from '../../../src/domain/memory/ranking-weights.js';
import { scoreOf } from '../../../src/domain/memory/ranking-weights.js';
import { DocumentWrites } from '../../../src/infrastructure/sqlite/document-writes.js';
import { DocumentSearch } from '../../../src/infrastructure/sqlite/search-documents.js';
import type { DataSet, RecallItem, RecallQuery } from './data-set.js';
import type { Retriever } from './retrievers.js';

export interface OurRetriever extends Retriever {
  /** What the ranking knows of each candidate. */
  features(query: RecallQuery): { id: string; features: Features }[];
}

/** The product's index and ranking, in memory: items are notes that come in by their time. */
export function ourRetriever(set: DataSet, score: (features: Features) => number = scoreOf): OurRetriever {
  const database = new Database(':memory:');
  const migrations = fileURLToPath(new URL('../../../migrations/', import.meta.url));
  for (const file of readdirSync(migrations).sort()) database.exec(readFileSync(migrations + file, 'utf8'));
  const writes = new DocumentWrites(database);
  const sorted = set.items
    .map((item, place) => ({ item, place }))
    .sort((a, b) => a.item.at - b.item.at || a.place - b.place);
  const sessions = new Map<string, number>();
  database.transaction(() => {
    for (const [place, { item }] of sorted.entries()) {
      if (!sessions.has(item.session)) sessions.set(item.session, sessions.size + 1);
      writes.insert({
        key: place + 1,
        kind: 'note',
        type: 'note',
        workspace: 1,
        session: sessions.get(item.session) ?? 0,
        at: item.at,
        who: item.who,
        title: item.title ?? '',
        body: bodyOf(item),
        files: [],
        concepts: [],
        pinned: false,
      });
    }
  })();
  const search = new DocumentSearch(database, score);
  const idOf = (key: number) => sorted[key - 1]?.item.id ?? '';
  const request = ({ text, at }: RecallQuery, limit: number) => ({ text, filter: { until: at }, now: at, limit });
  return {
    name: 'ours',
    search: (query, limit) => search.search(request(query, limit)).hits.map(({ key }) => idOf(key)),
    features: (query) =>
      search.rank(request(query, 1)).ranked.map(({ document, features }) => ({ id: idOf(document.key), features })),
    close: () => database.close(),
  };
}

/** A title that the text starts with is said once. */
function bodyOf({ title, text }: RecallItem): string {
  return title !== undefined && text.startsWith(title) ? text.slice(title.length) : text;
}
