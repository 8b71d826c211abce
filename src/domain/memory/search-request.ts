import type { DocumentKind } from './document.js';

/** Which documents count. Those that are left out do not narrow; several values of one mean any of them. */
export interface DocumentFilter {
  readonly workspaces?: readonly number[] | undefined;
  readonly sessions?: readonly number[] | undefined;
  readonly kinds?: readonly DocumentKind[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly concepts?: readonly string[] | undefined;
  /** Whole paths, or segments of one that follow each other: a name, a folder. */
  readonly files?: readonly string[] | undefined;
  readonly who?: readonly string[] | undefined;
  /** Milliseconds; inclusive. */
  readonly since?: number | undefined;
  /** Milliseconds; inclusive. */
  readonly until?: number | undefined;
}

export interface SearchRequest {
  readonly text: string;
  readonly filter: DocumentFilter;
  /** The time of the question, in milliseconds, which ages and "yesterday" are measured from; undefined: age is no matter. */
  readonly now: number | undefined;
  readonly limit: number;
  readonly cursor?: SearchCursor | undefined;
  /** What the question means, if a model has said it. A cursor holds what was found by it, so that only the first page asks. */
  readonly vector?: Float32Array | undefined;
}

/** Where the next page starts, and the state of the index that the first one was ranked by. */
export interface SearchCursor {
  readonly offset: number;
  /** Documents with a greater key came later and do not count. */
  readonly lastKey: number;
  /** How many documents there were before the time of the question, and the key from which on they are the latest. */
  readonly ordinal: number;
  readonly recentKey: number;
  readonly documents: number;
  readonly averageLength: number;
  readonly frequencies: readonly number[];
  /** Keys of what is like the question, nearest first; undefined where words alone rank. */
  readonly similar?: readonly number[] | undefined;
}

export interface Hit {
  readonly key: number;
  readonly kind: DocumentKind;
  readonly score: number;
}

export interface HitPage {
  readonly hits: readonly Hit[];
  readonly next: SearchCursor | null;
  /** Lower-case words and stems that were looked for: what is to be highlighted. */
  readonly terms: readonly string[];
  /** Whether meaning ranked beside words. */
  readonly usesVectors: boolean;
}
