import type { PoolDocument } from '../../domain/memory/rank-documents.js';
import type { DocumentFilter } from '../../domain/memory/search-request.js';
import type { DocumentReads, DocumentRow } from './document-reads.js';

/** Candidates whose neighbours are read, best first, and how many on each side. */
const WITH_NEIGHBOURS = 50;
const NEIGHBOURS = 2;

interface Bounds {
  readonly lastKey: number;
  readonly until: number;
  readonly filter: DocumentFilter;
}

interface Draft extends PoolDocument {
  before: readonly PoolDocument[] | undefined;
  after: readonly PoolDocument[] | undefined;
}

/** Reads candidates, and what stands beside the best of them in their sessions, for ranking. */
export class PoolBuilder {
  readonly #reads: DocumentReads;
  readonly #bounds: Bounds;
  readonly #pool = new Map<number, Draft>();

  constructor(reads: DocumentReads, bounds: Bounds) {
    this.#reads = reads;
    this.#bounds = bounds;
  }

  build(candidates: readonly number[]): PoolDocument[] {
    const isFree = isUnnarrowed(this.#bounds.filter);
    for (const key of candidates) this.#take(key, true);
    for (const key of candidates.slice(0, WITH_NEIGHBOURS)) this.#addNeighbours(key, isFree);
    return [...this.#pool.values()];
  }

  #take(key: number, eligible: boolean): Draft | undefined {
    const known = this.#pool.get(key);
    if (known !== undefined) return known;
    const row = this.#reads.document.get(key);
    if (row === undefined) return undefined;
    const draft: Draft = { ...toDocument(row), eligible, before: undefined, after: undefined };
    this.#pool.set(key, draft);
    return draft;
  }

  /** A neighbour may be an answer itself, unless a filter would have to look at it first. */
  #addNeighbours(key: number, eligible: boolean): void {
    const draft = this.#pool.get(key);
    if (draft === undefined || draft.session === null) return;
    const { session, at } = draft;
    const { lastKey, until } = this.#bounds;
    const before = this.#reads.before.all(session, at, key, NEIGHBOURS);
    const after = this.#reads.after.all(session, at, key, until, lastKey, NEIGHBOURS);
    const take = (keys: readonly number[]) =>
      keys.map((other) => this.#take(other, eligible)).filter((other) => other !== undefined);
    const row = [...take(before).reverse(), draft, ...take(after)];
    // The neighbours know each other by this, without another read; who is a candidate itself gets to know all of its own.
    for (const [place, document] of row.entries()) {
      if (document !== draft && document.before !== undefined) continue;
      document.before = row.slice(Math.max(0, place - NEIGHBOURS), place).reverse();
      document.after = row.slice(place + 1, place + 1 + NEIGHBOURS);
    }
  }
}

/** Whether a document that is not among the candidates passes too. */
function isUnnarrowed({ until: _until, workspaces: _workspaces, ...rest }: DocumentFilter): boolean {
  return Object.values(rest).every((value) => value === undefined);
}

function toDocument([key, kind, ordinal, at, session, who, pinned, terms]: DocumentRow) {
  return { key, kind, session, at, ordinal, who, pinned: pinned === 1, sequence: toSequence(terms) };
}

/** The numbers may not start at a multiple of four: then they are copied. */
function toSequence(terms: Buffer): Uint32Array {
  const { buffer, byteOffset, byteLength } = terms;
  if (byteOffset % 4 === 0) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  return new Uint32Array(Uint8Array.from(terms).buffer);
}
