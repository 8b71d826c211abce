import type { SearchRequest } from '../../domain/memory/search-request.js';
import type { DocumentReads } from './document-reads.js';
import { anyOf, filterExpression } from './match-expression.js';
import type { SearchTerm } from './search-terms.js';

/** Documents that are ranked. */
const MAX_CANDIDATES = 300;
/**
 * Occurrences of terms that one question may visit in the whole index, at some 0.5 µs each. The rarest terms come first:
 * what is in a large share of all documents says little where something rarer is asked for as well, and is looked for
 * where that is, or in the latest documents only.
 */
const MAX_VISITED = 8_000;
/** How many frequent terms, the rarest of them, are looked for in what has a rarer one. */
const MAX_JOINED = 1;
/** How many more are looked for among the latest documents. */
const MAX_RECENT = 2;
/** Newest documents that have all terms, where each alone is too frequent to look at all that have it. */
const MAX_WITH_ALL = 100;

export interface CandidateBounds {
  /** Documents with a greater key came later than the question's first page. */
  readonly lastKey: number;
  /** From here on every term counts. */
  readonly recentKey: number;
}

/**
 * The keys of documents that may answer, best first: those whose terms are rarest together, the newest of equals.
 * BM25 itself would count every term's documents anew for each question; its other parts come with the ranking.
 */
export function collectCandidates(
  reads: DocumentReads,
  terms: readonly SearchTerm[],
  { filter }: SearchRequest,
  { lastKey, recentKey }: CandidateBounds,
): number[] {
  const narrowing = filterExpression(filter);
  const narrowed = (expression: string) => (narrowing === null ? expression : `(${narrowing}) AND (${expression})`);
  const since = filter.since ?? Number.MIN_SAFE_INTEGER;
  const until = filter.until ?? Number.MAX_SAFE_INTEGER;
  const isTimed = filter.since !== undefined || filter.until !== undefined;
  const matching = (expression: string, from: number) =>
    isTimed
      ? reads.matchingWithin.all(expression, from, lastKey, since, until)
      : reads.matching.all(expression, from, lastKey);

  const found = terms.filter(({ frequency }) => frequency > 0).toSorted((a, b) => a.frequency - b.frequency);
  const scores = new Map<number, number>();
  const add = (keys: readonly number[], idf: number) => {
    for (const key of keys) scores.set(key, (scores.get(key) ?? 0) + idf);
  };
  const taken: string[] = [];
  let visits = 0;
  let joined = 0;
  let recent = 0;
  for (const term of found) {
    const any = anyOf(formsOf(term));
    visits += term.frequency;
    if (visits <= MAX_VISITED) {
      taken.push(any);
      add(matching(narrowed(any), 0), term.idf);
    } else if (taken.length > 0 && joined < MAX_JOINED) {
      joined += 1;
      add(matching(narrowed(`(${taken.join(' OR ')}) AND (${any})`), 0), term.idf);
    } else if (recent < MAX_RECENT) {
      recent += 1;
      add(matching(narrowed(any), recentKey), term.idf);
    }
  }
  if (taken.length === 0 && found.length > 1) {
    const all = narrowed(found.map((term) => `(${anyOf(formsOf(term))})`).join(' AND '));
    const sum = found.reduce((total, { idf }) => total + idf, 0);
    for (const key of reads.newest.all(all, lastKey, since, until, MAX_WITH_ALL)) scores.set(key, sum);
  }
  return bestOf(scores);
}

function bestOf(scores: ReadonlyMap<number, number>): number[] {
  let entries = [...scores];
  if (entries.length > MAX_CANDIDATES) {
    // Sorting numbers alone is several times as fast as sorting pairs, and leaves few pairs to sort.
    const cut = Float64Array.from(scores.values()).sort().at(-MAX_CANDIDATES) ?? 0;
    entries = entries.filter(([, score]) => score >= cut);
  }
  return entries
    .sort(([a, x], [b, y]) => y - x || b - a)
    .slice(0, MAX_CANDIDATES)
    .map(([key]) => key);
}

function formsOf({ forms }: SearchTerm): string[] {
  return forms.map(([term]) => term);
}
