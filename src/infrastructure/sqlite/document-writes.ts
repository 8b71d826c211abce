import type { Database } from 'better-sqlite3';
import type { Document } from '../../domain/memory/document.js';
import { indexDocument } from '../../domain/memory/index-document.js';
import { lengthOf } from '../../domain/memory/term-sequence.js';

const DOCUMENT_WRITES = {
  count: `UPDATE document_count SET documents = documents + 1, ordinal = ordinal + 1, terms = terms + ?
    RETURNING ordinal`,
  uncount: 'UPDATE document_count SET documents = documents - 1, terms = terms - ?',
  insert: `INSERT INTO document (key, ordinal, at, kind, workspace_id, session_id, who, pinned)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  insertTerms: 'INSERT INTO document_terms (key, terms) VALUES (?, ?)',
  index: 'INSERT INTO document_index (rowid, title, body, files, tags) VALUES (?, ?, ?, ?, ?)',
  insertWord: 'INSERT OR IGNORE INTO word (word) VALUES (?)',
  terms: 'SELECT terms FROM document_terms WHERE key = ?',
  remove: 'DELETE FROM document WHERE key = ?',
  removeTerms: 'DELETE FROM document_terms WHERE key = ?',
  unindex: 'DELETE FROM document_index WHERE rowid = ?',
} as const;

/** Words known to be stored, so that the table is asked only about rare ones. At some 60 bytes each, 12 MB. */
const MAX_KNOWN_WORDS = 200_000;

/** Puts documents into the index and takes them out, within the transaction that is open on the connection. */
export class DocumentWrites {
  readonly #statements;
  readonly #known = new Set<string>();

  constructor(writer: Database) {
    this.#statements = {
      count: writer.prepare<[number], number>(DOCUMENT_WRITES.count).pluck(),
      uncount: writer.prepare<[number]>(DOCUMENT_WRITES.uncount),
      insert: writer.prepare<[number, number, number, string, number, number | null, string | null, number]>(
        DOCUMENT_WRITES.insert,
      ),
      insertTerms: writer.prepare<[number, Buffer]>(DOCUMENT_WRITES.insertTerms),
      index: writer.prepare<[number, string, string, string, string]>(DOCUMENT_WRITES.index),
      insertWord: writer.prepare<[string]>(DOCUMENT_WRITES.insertWord),
      terms: writer.prepare<[number], Buffer>(DOCUMENT_WRITES.terms).pluck(),
      remove: writer.prepare<[number]>(DOCUMENT_WRITES.remove),
      removeTerms: writer.prepare<[number]>(DOCUMENT_WRITES.removeTerms),
      unindex: writer.prepare<[number]>(DOCUMENT_WRITES.unindex),
    };
  }

  insert(document: Document): void {
    const { key, at, kind, workspace, session, who, pinned } = document;
    const { title, body, files, tags, words, sequence } = indexDocument(document);
    const ordinal = this.#statements.count.get(lengthOf(sequence)) ?? 0;
    this.#statements.insert.run(key, ordinal, at, kind, workspace, session, who, pinned ? 1 : 0);
    this.#statements.insertTerms.run(key, Buffer.from(sequence.buffer, sequence.byteOffset, sequence.byteLength));
    this.#statements.index.run(key, title, body, files, tags);
    this.#insertWords(words);
  }

  /** Takes a document out; does nothing if it is not in. */
  remove(key: number): void {
    const terms = this.#statements.terms.get(key);
    if (terms === undefined) return;
    this.#statements.uncount.run(terms.readUInt32LE(4));
    this.#statements.remove.run(key);
    this.#statements.removeTerms.run(key);
    this.#statements.unindex.run(key);
  }

  /** The table of words was changed by somebody else. */
  forgetWords(): void {
    this.#known.clear();
  }

  /** A word counts as known when it was there before: one that this transaction brings may be rolled back with it. */
  #insertWords(words: ReadonlySet<string>): void {
    for (const word of words) {
      if (this.#known.has(word)) continue;
      if (this.#statements.insertWord.run(word).changes > 0) continue;
      if (this.#known.size >= MAX_KNOWN_WORDS) this.#known.clear();
      this.#known.add(word);
    }
  }
}
