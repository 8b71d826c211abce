import type { DocumentKind } from './document.js';

/** What made vectors: those of another model, or of another length, mean nothing beside them. */
export interface VectorModel {
  readonly model: string;
  /** A multiple of 8. */
  readonly dimensions: number;
}

/** A document that has no vector. `stamp` is another one when the document has been replaced. */
export interface Unembedded {
  readonly key: number;
  readonly kind: DocumentKind;
  readonly stamp: number;
}

export interface VectorIndexReader {
  /** What made the vectors that are there; null before any. */
  model(): Promise<VectorModel | null>;
  /**
   * Those without a vector among the next `looked` documents after this key, in the order of their keys. `last` is the
   * key of the last one that was looked at; null when there was none.
   */
  missing(after: number, looked: number): Promise<{ readonly documents: Unembedded[]; readonly last: number | null }>;
}

/** What documents mean, as numbers. A vector goes with its document. */
export interface VectorIndex extends VectorIndexReader {
  /** Says what makes the vectors from now on; none may be there. */
  setModel(model: VectorModel): Promise<void>;
  /** Keeps the vector of a document; false, with nothing kept, when it was replaced or is gone. */
  store(document: Pick<Unembedded, 'key' | 'stamp'>, vector: Float32Array): Promise<boolean>;
  /** Removes up to `limit` vectors, and says how many. */
  clear(limit: number): Promise<number>;
}
