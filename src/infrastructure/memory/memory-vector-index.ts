import type { Document } from '../../domain/memory/document.js';
import { documentOfObservation, documentOfPrompt } from '../../domain/memory/observation-document.js';
import type { Unembedded, VectorIndex, VectorIndexReader, VectorModel } from '../../domain/memory/vector-index.js';
import type { Observation } from '../../domain/observation/observation.js';
import { isPrivate, type Prompt } from '../../domain/session/prompt.js';
import type { MemoryTable, Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** A vector, with the stamp of the document that it was made of. */
export interface VectorRow {
  readonly key: number;
  readonly stamp: number;
}

/** Of what the vectors are. */
export interface DocumentRows {
  readonly observations: Rows<Observation>;
  readonly prompts: Rows<Prompt>;
}

/** Vectors as these rows show them. */
export class MemoryVectorIndexReader implements VectorIndexReader {
  readonly #guard: Guard;
  readonly #vectors: Rows<VectorRow>;
  readonly #models: Rows<VectorModel>;
  readonly #documents: DocumentRows;

  constructor(guard: Guard, vectors: Rows<VectorRow>, models: Rows<VectorModel>, documents: DocumentRows) {
    this.#guard = guard;
    this.#vectors = vectors;
    this.#models = models;
    this.#documents = documents;
  }

  async model(): Promise<VectorModel | null> {
    this.#guard();
    return this.#models.get('model') ?? null;
  }

  async missing(after: number, looked: number): Promise<{ documents: Unembedded[]; last: number | null }> {
    this.#guard();
    const next = this.documents()
      .filter(({ key }) => key > after)
      .slice(0, looked);
    const documents = next
      .map((document) => ({ key: document.key, kind: document.kind, stamp: stampOf(document) }))
      .filter(({ key, stamp }) => this.#vectors.get(String(key))?.stamp !== stamp);
    return { documents, last: next.at(-1)?.key ?? null };
  }

  protected documents(): Document[] {
    const { observations, prompts } = this.#documents;
    const kept = [...observations.all()].filter((one) => one.status === 'kept').map(documentOfObservation);
    const said = [...prompts.all()].filter((one) => !isPrivate(one)).map(documentOfPrompt);
    return [...kept, ...said].sort((a, b) => a.key - b.key);
  }
}

/** Vectors as one transaction sees and changes them. */
export class MemoryVectorIndex extends MemoryVectorIndexReader implements VectorIndex {
  readonly #guard: Guard;
  readonly #vectors: MemoryTable<VectorRow>;
  readonly #models: MemoryTable<VectorModel>;

  constructor(
    guard: Guard,
    vectors: MemoryTable<VectorRow>,
    models: MemoryTable<VectorModel>,
    documents: DocumentRows,
  ) {
    super(guard, vectors, models, documents);
    this.#guard = guard;
    this.#vectors = vectors;
    this.#models = models;
  }

  async setModel(model: VectorModel): Promise<void> {
    this.#guard();
    this.#models.set('model', model);
  }

  async store({ key, stamp }: Pick<Unembedded, 'key' | 'stamp'>): Promise<boolean> {
    this.#guard();
    const document = this.documents().find((one) => one.key === key);
    if (document === undefined || stampOf(document) !== stamp) return false;
    this.#vectors.set(String(key), { key, stamp });
    return true;
  }

  async clear(limit: number): Promise<number> {
    this.#guard();
    const some = [...this.#vectors.all()].slice(0, limit);
    for (const { key } of some) this.#vectors.delete(String(key));
    return some.length;
  }
}

/** Another number for nearly every other text. */
function stampOf({ title, body }: Document): number {
  let stamp = 0;
  for (const character of `${title}\n${body}`) stamp = (stamp * 31 + (character.codePointAt(0) ?? 0)) % 1_000_000_007;
  return stamp;
}
