import type { Database } from 'better-sqlite3';
import { fuseRankings } from '../../domain/memory/fuse-rankings.js';
import { parseQuery } from '../../domain/memory/parse-query.js';
import { featuresOf, type PoolDocument } from '../../domain/memory/rank-documents.js';
import { type Features, scoreOf } from '../../domain/memory/ranking-weights.js';
import type { Hit, HitPage, SearchCursor, SearchRequest } from '../../domain/memory/search-request.js';
import { collectCandidates } from './collect-candidates.js';
import { DocumentReads } from './document-reads.js';
import { filterExpression } from './match-expression.js';
import { PoolBuilder } from './pool-builder.js';
import { SearchTerms } from './search-terms.js';
import { keysWithin, SimilarDocuments } from './similar-documents.js';

/** Documents that count as the latest. */
const RECENT = 1_500;
/** What every document has. */
const ANYTHING = filterExpression({ kinds: ['observation', 'summary', 'note', 'prompt'] }) ?? '';

/** Searches the index on one connection. Not to be used by two searches at once; each is one synchronous run. */
export class DocumentSearch {
  readonly #database: Database;
  readonly #reads: DocumentReads;
  readonly #terms: SearchTerms;
  #similar: SimilarDocuments | 'none' | undefined;
  readonly #score: (features: Features) => number;

  /** `score` is there for measurements of the ranking. */
  constructor(database: Database, score: (features: Features) => number = scoreOf) {
    this.#database = database;
    this.#reads = new DocumentReads(database);
    this.#terms = new SearchTerms(this.#reads);
    this.#score = score;
  }

  /** The documents that answer the question best, best first; the newest ones for a question without a word. */
  search(request: SearchRequest): HitPage {
    return this.#database.transaction(() => this.#search(request)).deferred();
  }

  #search(request: SearchRequest): HitPage {
    if (request.text.trim() === '') return this.#newest(request);
    const { ranked, cursor, terms } = this.rank(request);
    const byWords = ranked.map(({ document, score }): Hit => ({ key: document.key, kind: document.kind, score }));
    const similar = this.#similarTo(request, cursor.lastKey);
    const all = similar === undefined ? byWords : this.#fuse(byWords, similar);
    const offset = request.cursor?.offset ?? 0;
    const end = offset + request.limit;
    const next = all.length > end ? { ...cursor, offset: end, ...(similar && { similar }) } : null;
    return { hits: all.slice(offset, end), next, terms, usesVectors: similar !== undefined };
  }

  #similarTo({ cursor, vector, filter }: SearchRequest, lastKey: number): readonly number[] | undefined {
    if (cursor !== undefined) return cursor.similar && keysWithin(this.#database, cursor.similar, filter);
    if (vector === undefined) return undefined;
    if (this.#similar === 'none') return undefined;
    try {
      this.#similar ??= new SimilarDocuments(this.#database);
    } catch {
      // The extension is not there for this platform: words alone answer, and the page says so.
      this.#similar = 'none';
      return undefined;
    }
    return this.#similar.find(vector, filter, lastKey);
  }

  #fuse(byWords: readonly Hit[], similar: readonly number[]): Hit[] {
    const kinds = new Map(byWords.map(({ key, kind }) => [key, kind]));
    const ranking = byWords.map(({ key }) => key);
    return fuseRankings(ranking, similar).flatMap(({ key, score }): Hit[] => {
      const kind = kinds.get(key) ?? this.#reads.kind.get(key);
      return kind === undefined ? [] : [{ key, kind, score }];
    });
  }

  rank(request: SearchRequest): {
    ranked: readonly { document: PoolDocument; features: Features; score: number }[];
    cursor: SearchCursor;
    terms: readonly string[];
  } {
    const state = this.#state(request);
    const query = parseQuery(request.text, request.now ?? Date.UTC(2000, 0));
    const terms = this.#terms.weigh(query, state, request.cursor?.frequencies);
    const candidates = collectCandidates(this.#reads, terms, request, state);
    const until = request.filter.until ?? Number.MAX_SAFE_INTEGER;
    const pool = new PoolBuilder(this.#reads, { lastKey: state.lastKey, until, filter: request.filter }).build(
      candidates,
    );
    const features = featuresOf(pool, {
      terms,
      dates: query.dates,
      averageLength: state.averageLength,
      now: request.now === undefined ? undefined : { at: request.now, ordinal: state.ordinal },
    });
    const ranked = [...features]
      .map(([document, own]) => ({ document, features: own, score: this.#score(own) }))
      .sort((a, b) => b.score - a.score || b.document.key - a.document.key);
    const cursor = { ...state, offset: 0, frequencies: terms.map(({ frequency }) => Math.round(frequency)) };
    return { ranked, cursor, terms: query.terms.flatMap(({ term, surface }) => [term, surface]) };
  }

  /** Without a question: what the filter lets through, newest first. */
  #newest(request: SearchRequest): HitPage {
    const { filter, cursor, limit } = request;
    const state = this.#state(request);
    const offset = cursor?.offset ?? 0;
    const keys = this.#reads.newest.all(
      filterExpression(filter) ?? ANYTHING,
      state.lastKey,
      filter.since ?? Number.MIN_SAFE_INTEGER,
      filter.until ?? Number.MAX_SAFE_INTEGER,
      offset + limit + 1,
    );
    const hits = keys.slice(offset, offset + limit).flatMap((key): Hit[] => {
      const kind = this.#reads.kind.get(key);
      return kind === undefined ? [] : [{ key, kind, score: 0 }];
    });
    const next = keys.length > offset + limit ? { ...state, frequencies: [], offset: offset + limit } : null;
    return { hits, next, terms: [], usesVectors: false };
  }

  #state({ cursor, now = Number.MAX_SAFE_INTEGER }: SearchRequest): Omit<SearchCursor, 'offset' | 'frequencies'> {
    if (cursor !== undefined) return cursor;
    const state = this.#reads.state.get();
    const documents = state?.documents ?? 0;
    return {
      documents,
      lastKey: state?.lastKey ?? 0,
      averageLength: Math.max(1, Math.round((state?.terms ?? 0) / Math.max(1, documents))),
      ordinal: this.#reads.placeAt.get(now)?.ordinal ?? 0,
      recentKey: this.#reads.recentKey.get(now, RECENT) ?? 0,
    };
  }
}
