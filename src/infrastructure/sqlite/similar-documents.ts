import type { Database } from 'better-sqlite3';
import { load } from 'sqlite-vec';
import type { DocumentFilter } from '../../domain/memory/search-request.js';
import { LIMIT } from './limit.js';
import { filterExpression } from './match-expression.js';

/** So many are compared at full length after all were by their signs: ten for each that is kept. */
const COMPARED = 500;
/** So many are kept: they stand in the cursor, and a text that is further away has little to do with the question. */
const SIMILAR = 50;

const BY_BITS = `ORDER BY vec_distance_hamming(vec_bit(b.bits), vec_quantize_binary(@vector)) ${LIMIT.replace('?', '@compared')}`;
const WITHIN = 'd.key <= @lastKey AND d.at BETWEEN @since AND @until';
const FROM_BITS = 'vector_bits AS b CROSS JOIN document AS d ON d.key = b.key';
/** The distance is that of an angle, so that vectors need not have the length 1. */
const similar = (near: string) => `SELECT v.key FROM (${near}) AS n CROSS JOIN vector AS v ON v.key = n.key
  ORDER BY vec_distance_cosine(v.embedding, @vector), v.key DESC ${LIMIT.replace('?', '@kept')}`;

const SIMILAR_READS = {
  all: similar(`SELECT b.key AS key FROM ${FROM_BITS} WHERE ${WITHIN} ${BY_BITS}`),
  matching: similar(`SELECT b.key AS key FROM document_index AS i CROSS JOIN vector_bits AS b ON b.key = i.rowid
    CROSS JOIN document AS d ON d.key = b.key WHERE i.document_index MATCH @match AND ${WITHIN} ${BY_BITS}`),
  passes: 'SELECT EXISTS (SELECT 1 FROM document AS d WHERE d.key = @key AND d.at BETWEEN @since AND @until)',
  /** FTS5 takes no notice of a row id that is bound as a REAL, as JavaScript's numbers are: hence the cast. */
  passesMatching: `SELECT EXISTS (SELECT 1 FROM document_index AS i CROSS JOIN document AS d ON d.key = i.rowid
    WHERE i.document_index MATCH @match AND i.rowid = CAST(@key AS INTEGER) AND d.at BETWEEN @since AND @until)`,
  dimensions: 'SELECT dimensions FROM vector_model',
} as const;

/** Finds documents by what they mean. It loads the extension `sqlite-vec` into its connection; throws if that cannot be. */
export class SimilarDocuments {
  readonly #all;
  readonly #matching;
  readonly #dimensions;

  constructor(reader: Database) {
    load(reader);
    this.#all = reader.prepare<[object], number>(SIMILAR_READS.all).pluck();
    this.#matching = reader.prepare<[object], number>(SIMILAR_READS.matching).pluck();
    this.#dimensions = reader.prepare<[], number>(SIMILAR_READS.dimensions).pluck();
  }

  /** The keys of the nearest that the filter lets through, nearest first; none for a vector of another length. */
  find(vector: Float32Array, filter: DocumentFilter, lastKey: number): number[] {
    if (this.#dimensions.get() !== vector.length) return [];
    const match = filterExpression(filter);
    const bounds = {
      vector: Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
      lastKey,
      since: filter.since ?? Number.MIN_SAFE_INTEGER,
      until: filter.until ?? Number.MAX_SAFE_INTEGER,
      compared: COMPARED,
      kept: SIMILAR,
    };
    return match === null ? this.#all.all(bounds) : this.#matching.all({ ...bounds, match });
  }
}

/** Of these keys, which came with a cursor, those that the filter lets through: nobody sees more by a cursor of his own making. */
export function keysWithin(reader: Database, keys: readonly number[], filter: DocumentFilter): number[] {
  const match = filterExpression(filter);
  const passes = reader
    .prepare<[object], number>(match === null ? SIMILAR_READS.passes : SIMILAR_READS.passesMatching)
    .pluck();
  const bounds = { since: filter.since ?? Number.MIN_SAFE_INTEGER, until: filter.until ?? Number.MAX_SAFE_INTEGER };
  return keys.filter((key) => passes.get(match === null ? { ...bounds, key } : { ...bounds, key, match }) === 1);
}
