import type { Database, Statement } from 'better-sqlite3';
import type { DocumentKind } from '../../domain/memory/document.js';
import { signBits } from '../../domain/memory/sign-bits.js';
import type { Unembedded, VectorIndex, VectorIndexReader, VectorModel } from '../../domain/memory/vector-index.js';
import { LIMIT } from './limit.js';
import type { OpenTransaction } from './open-transaction.js';

export const VECTOR_STATEMENTS = {
  model: 'SELECT model, dimensions FROM vector_model',
  missing: `SELECT d.key, d.kind, d.ordinal, v.key FROM (SELECT key, kind, ordinal FROM document WHERE key > ?
    ORDER BY key ${LIMIT}) AS d LEFT JOIN vector AS v ON v.key = d.key ORDER BY d.key`,
  setModel: 'INSERT OR REPLACE INTO vector_model (one, model, dimensions) VALUES (1, ?, ?)',
  store: `INSERT OR REPLACE INTO vector (key, embedding) SELECT key, @embedding FROM document
    WHERE key = @key AND ordinal = @stamp`,
  storeBits: 'INSERT OR REPLACE INTO vector_bits (key, bits) VALUES (?, ?)',
  clear: `DELETE FROM vector WHERE key IN (SELECT key FROM vector ORDER BY key ${LIMIT})`,
} as const;

type MissingRow = [key: number, kind: DocumentKind, ordinal: number, vector: number | null];

/** Every question about vectors but the search, prepared once for a connection. */
export class VectorQueries {
  readonly #model: Statement<[], VectorModel>;
  readonly #missing: Statement<[number, number], MissingRow>;

  constructor(database: Database) {
    this.#model = database.prepare<[], VectorModel>(VECTOR_STATEMENTS.model);
    this.#missing = database.prepare<[number, number], MissingRow>(VECTOR_STATEMENTS.missing).raw();
  }

  model(): VectorModel | null {
    return this.#model.get() ?? null;
  }

  missing(after: number, looked: number): { documents: Unembedded[]; last: number | null } {
    const rows = this.#missing.all(after, looked);
    const documents = rows
      .filter(([, , , vector]) => vector === null)
      .map(([key, kind, stamp]): Unembedded => ({ key, kind, stamp }));
    return { documents, last: rows.at(-1)?.[0] ?? null };
  }
}

/** Every change of vectors, prepared once for the connection that writes. */
export class VectorWrites {
  readonly #setModel: Statement<[string, number]>;
  readonly #store: Statement<[{ key: number; stamp: number; embedding: Uint8Array }]>;
  readonly #storeBits: Statement<[number, Uint8Array]>;
  readonly #clear: Statement<[number]>;

  constructor(database: Database) {
    this.#setModel = database.prepare(VECTOR_STATEMENTS.setModel);
    this.#store = database.prepare(VECTOR_STATEMENTS.store);
    this.#storeBits = database.prepare(VECTOR_STATEMENTS.storeBits);
    this.#clear = database.prepare(VECTOR_STATEMENTS.clear);
  }

  setModel({ model, dimensions }: VectorModel): void {
    this.#setModel.run(model, dimensions);
  }

  store({ key, stamp }: Pick<Unembedded, 'key' | 'stamp'>, vector: Float32Array): boolean {
    const embedding = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
    if (this.#store.run({ key, stamp, embedding }).changes === 0) return false;
    this.#storeBits.run(key, signBits(vector));
    return true;
  }

  clear(limit: number): number {
    return this.#clear.run(limit).changes;
  }
}

/** Vectors as a connection sees them; `guard` is asked before every read. */
export class SqliteVectorIndexReader implements VectorIndexReader {
  readonly #queries: VectorQueries;
  readonly #guard: () => void;

  constructor(queries: VectorQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async model(): Promise<VectorModel | null> {
    this.#guard();
    return this.#queries.model();
  }

  async missing(after: number, looked: number): Promise<{ documents: Unembedded[]; last: number | null }> {
    this.#guard();
    return this.#queries.missing(after, looked);
  }
}

/** Vectors as one transaction sees and changes them. */
export class SqliteVectorIndex extends SqliteVectorIndexReader implements VectorIndex {
  readonly #transaction: OpenTransaction;
  readonly #writes: VectorWrites;

  constructor(transaction: OpenTransaction, queries: VectorQueries, writes: VectorWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#writes = writes;
  }

  async setModel(model: VectorModel): Promise<void> {
    this.#transaction.writing();
    this.#writes.setModel(model);
  }

  async store(document: Pick<Unembedded, 'key' | 'stamp'>, vector: Float32Array): Promise<boolean> {
    this.#transaction.writing();
    return this.#writes.store(document, vector);
  }

  async clear(limit: number): Promise<number> {
    this.#transaction.writing();
    return this.#writes.clear(limit);
  }
}
