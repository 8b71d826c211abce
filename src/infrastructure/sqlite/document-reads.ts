import type { Database, Statement } from 'better-sqlite3';
import type { DocumentKind } from '../../domain/memory/document.js';

export const DOCUMENT_READS = {
  state: 'SELECT documents, ordinal, terms, (SELECT max(key) FROM document) AS lastKey FROM document_count',
  /** Counting stops at a limit; where it got to says how many there are in all. Newest first. */
  count: `SELECT count(*) AS counted, min(rowid) AS reached FROM
    (SELECT rowid FROM document_index WHERE document_index MATCH ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?)`,
  matching: 'SELECT rowid FROM document_index WHERE document_index MATCH ? AND rowid BETWEEN ? AND ?',
  matchingWithin: `SELECT i.rowid FROM document_index AS i CROSS JOIN document AS d ON d.key = i.rowid
    WHERE i.document_index MATCH ? AND i.rowid BETWEEN ? AND ? AND d.at BETWEEN ? AND ?`,
  newest: `SELECT i.rowid FROM document_index AS i CROSS JOIN document AS d ON d.key = i.rowid
    WHERE i.document_index MATCH ? AND i.rowid <= ? AND d.at BETWEEN ? AND ? ORDER BY i.rowid DESC LIMIT ?`,
  document: `SELECT d.key, d.kind, d.ordinal, d.at, d.session_id, d.who, d.pinned, t.terms
    FROM document AS d JOIN document_terms AS t ON t.key = d.key WHERE d.key = ?`,
  ordinal: 'SELECT ordinal FROM document WHERE key = ?',
  kind: 'SELECT kind FROM document WHERE key = ?',
  before: `SELECT key FROM document WHERE session_id = ? AND (at, key) < (?, ?)
    ORDER BY at DESC, key DESC LIMIT ?`,
  after: `SELECT key FROM document WHERE session_id = ? AND (at, key) > (?, ?) AND at <= ? AND key <= ?
    ORDER BY at, key LIMIT ?`,
  placeAt: 'SELECT key, ordinal FROM document WHERE at <= ? ORDER BY at DESC, key DESC LIMIT 1',
  /** The key of the document that is some places before a time. */
  recentKey: 'SELECT key FROM document WHERE at <= ? ORDER BY at DESC, key DESC LIMIT 1 OFFSET ?',
  startingWith: 'SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY word LIMIT ?',
  containing: 'SELECT word FROM word_part WHERE word LIKE ? LIMIT ?',
} as const;

export type DocumentRow = [
  key: number,
  kind: DocumentKind,
  ordinal: number,
  at: number,
  session: number | null,
  who: string | null,
  pinned: number,
  terms: Buffer,
];

interface IndexState {
  readonly documents: number;
  readonly ordinal: number;
  readonly terms: number;
  readonly lastKey: number | null;
}

/** What is read of the index, prepared on one connection. */
export class DocumentReads {
  readonly state: Statement<[], IndexState>;
  readonly count: Statement<[string, number, number], { counted: number; reached: number | null }>;
  readonly matching: Statement<[string, number, number], number>;
  readonly matchingWithin: Statement<[string, number, number, number, number], number>;
  readonly newest: Statement<[string, number, number, number, number], number>;
  readonly document: Statement<[number], DocumentRow>;
  readonly ordinal: Statement<[number], number>;
  readonly kind: Statement<[number], DocumentKind>;
  readonly before: Statement<[number, number, number, number], number>;
  readonly after: Statement<[number, number, number, number, number, number], number>;
  readonly placeAt: Statement<[number], { key: number; ordinal: number }>;
  readonly recentKey: Statement<[number, number], number>;
  readonly startingWith: Statement<[string, string, number], string>;
  readonly containing: Statement<[string, number], string>;

  constructor(reader: Database) {
    this.state = reader.prepare<[], IndexState>(DOCUMENT_READS.state);
    this.count = reader.prepare<[string, number, number], { counted: number; reached: number | null }>(
      DOCUMENT_READS.count,
    );
    this.matching = reader.prepare<[string, number, number], number>(DOCUMENT_READS.matching).pluck();
    this.matchingWithin = reader
      .prepare<[string, number, number, number, number], number>(DOCUMENT_READS.matchingWithin)
      .pluck();
    this.newest = reader.prepare<[string, number, number, number, number], number>(DOCUMENT_READS.newest).pluck();
    this.document = reader.prepare<[number], DocumentRow>(DOCUMENT_READS.document).raw();
    this.ordinal = reader.prepare<[number], number>(DOCUMENT_READS.ordinal).pluck();
    this.kind = reader.prepare<[number], DocumentKind>(DOCUMENT_READS.kind).pluck();
    this.before = reader.prepare<[number, number, number, number], number>(DOCUMENT_READS.before).pluck();
    this.after = reader.prepare<[number, number, number, number, number, number], number>(DOCUMENT_READS.after).pluck();
    this.placeAt = reader.prepare<[number], { key: number; ordinal: number }>(DOCUMENT_READS.placeAt);
    this.recentKey = reader.prepare<[number, number], number>(DOCUMENT_READS.recentKey).pluck();
    this.startingWith = reader.prepare<[string, string, number], string>(DOCUMENT_READS.startingWith).pluck();
    this.containing = reader.prepare<[string, number], string>(DOCUMENT_READS.containing).pluck();
  }
}
