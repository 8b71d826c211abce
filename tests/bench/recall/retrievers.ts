import Database from 'better-sqlite3';
import type { DataSet, RecallQuery } from './data-set.js';

/** Ranked ids for a question, best first. */
export interface Retriever {
  readonly name: string;
  search(query: RecallQuery, limit: number): string[];
  close(): void;
}

const WORD = /[\p{L}\p{N}]+/gu;

/** What FTS5 does by itself, over title and text, with Porter stemming: a phrase, all words, any word. */
export function plainRetrievers(set: DataSet): Retriever[] {
  const database = new Database(':memory:');
  database.exec("CREATE VIRTUAL TABLE item USING fts5 (text, at UNINDEXED, tokenize = 'porter unicode61')");
  const insert = database.prepare('INSERT INTO item (rowid, text, at) VALUES (?, ?, ?)');
  database.transaction(() => {
    for (const [place, item] of set.items.entries()) insert.run(place + 1, textOf(item), item.at);
  })();
  const search = database
    .prepare<[string, number, number], number>(
      'SELECT rowid FROM item WHERE item MATCH ? AND at <= ? ORDER BY rank, rowid LIMIT ?',
    )
    .pluck();
  const retriever = (name: string, toExpression: (words: string[]) => string): Retriever => ({
    name,
    search: ({ text, at }, limit) => {
      const words = text.match(WORD) ?? [];
      if (words.length === 0) return [];
      const rows = search.all(toExpression(words), at ?? Number.MAX_SAFE_INTEGER, limit);
      return rows.map((row) => set.items[row - 1]?.id ?? '');
    },
    close: () => database.close(),
  });
  return [
    retriever('phrase', (words) => `"${words.join(' ')}"`),
    retriever('and', (words) => words.map((word) => `"${word}"`).join(' AND ')),
    retriever('bm25-or', (words) => words.map((word) => `"${word}"`).join(' OR ')),
  ];
}

/** The title is given apart, or is in the text already. */
function textOf({ title, text }: DataSet['items'][number]): string {
  return title === undefined || text.startsWith(title) ? text : `${title}\n${text}`;
}
