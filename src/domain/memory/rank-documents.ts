import type { NamedTime } from './dates-in-question.js';
import type { DocumentKind } from './document.js';
import type { Features } from './ranking-weights.js';
import { asks, hashTerm, lengthOf, SEQUENCE_HEADER, type TermSequence } from './term-sequence.js';

/** A term of the question, or what it was widened to, with what is known of it in the whole collection. */
export interface WeighedTerm {
  /** The word as it was typed, in lower case. */
  readonly surface: string;
  /** Index terms that mean it, with how much one occurrence counts: 1 for itself, less for a widened one. */
  readonly forms: readonly (readonly [term: string, share: number])[];
  /** Inverse document frequency. */
  readonly idf: number;
}

export interface PoolDocument {
  readonly key: number;
  readonly kind: DocumentKind;
  readonly session: number | null;
  readonly at: number;
  /** How many documents came before it. */
  readonly ordinal: number;
  readonly who: string | null;
  readonly pinned: boolean;
  readonly sequence: TermSequence;
  /** Neighbours in the session, nearest first; undefined where none was looked for. */
  readonly before: readonly PoolDocument[] | undefined;
  readonly after: readonly PoolDocument[] | undefined;
  /** Whether it may be an answer; the others are there as neighbours alone. */
  readonly eligible: boolean;
}

export interface RankingContext {
  readonly terms: readonly WeighedTerm[];
  readonly dates: readonly NamedTime[];
  readonly averageLength: number;
  /** The question's place in time; undefined leaves the age out. */
  readonly now: { readonly at: number; readonly ordinal: number } | undefined;
}

/** BM25's saturation of repeated terms and share of length normalisation. */
const K1 = 1.2;
const B = 0.6;
/** An occurrence in the title counts as this many. */
const TITLE_COUNT = 2;
/** A document of so many terms takes half of what its neighbours could give. */
const HALF_LENGTH = 60;
/** What an occurrence counts in the neighbours before and after, nearest first: an answer comes after its question. */
const BEFORE_SHARES = [1, 0.5];
const AFTER_SHARES = [0.5, 0.25];
/** What a term counts that is somebody's name: who says it is rarely who is meant. */
const NAME_SHARE = 0.3;
/** What it counts that a neighbour has the name: it is their talk. */
const NAMED_NEIGHBOUR = 0.4;
/** Who said something as a part, which is not a name. */
const PARTS = new Set(['user', 'agent', 'assistant', 'system', 'task', 'human', 'ai', 'bot', 'model', 'tool']);
const HOUR = 3_600_000;

interface Matched {
  readonly document: PoolDocument;
  /** Weighted occurrences of each term. */
  readonly counts: Float64Array;
  readonly length: number;
  /** Whether it has any of the terms. */
  readonly isHit: boolean;
  readonly text: number;
}

/** The features of every eligible document of the pool. */
export function featuresOf(pool: readonly PoolDocument[], context: RankingContext): Map<PoolDocument, Features> {
  const lookup = new Lookup(context, namesIn(pool));
  const matched = new Map<number, Matched>();
  for (const document of pool) matched.set(document.key, lookup.match(document));
  const sessions = sessionsOf([...matched.values()], lookup);
  const result = new Map<PoolDocument, Features>();
  for (const own of matched.values()) {
    const { document } = own;
    if (!document.eligible) continue;
    const share = HALF_LENGTH / (HALF_LENGTH + own.length);
    const session = document.session === null ? undefined : sessions.get(document.session);
    result.set(document, {
      text: own.text,
      beside: share * gain(own, matched, lookup),
      session: session ?? 0,
      age: context.now === undefined ? 0 : -Math.log2(1 + Math.max(0, context.now.ordinal - document.ordinal)),
      days: context.now === undefined ? 0 : -Math.log2(1 + Math.max(0, context.now.at - document.at) / HOUR),
      brevity: -1 / (1 + own.length / 4),
      asks: asks(document.sequence) ? -1 : 0,
      who: named(document, lookup),
      date: context.dates.some(({ from, to }) => document.at >= from && document.at < to) ? 1 : 0,
      pinned: document.pinned ? 1 : 0,
    });
  }
  return result;
}

/** How much more of the question is met when the neighbours' words count too. */
function gain(own: Matched, matched: ReadonlyMap<number, Matched>, lookup: Lookup): number {
  const { before, after } = own.document;
  if (before === undefined || after === undefined) return 0;
  let counts: Float64Array | undefined;
  for (const [list, shares] of [
    [before, BEFORE_SHARES],
    [after, AFTER_SHARES],
  ] as const) {
    for (const [place, { key }] of list.entries()) {
      const other = matched.get(key);
      if (other === undefined || !other.isHit) continue;
      counts ??= own.counts.slice();
      for (let term = 0; term < counts.length; term += 1) {
        counts[term] = (counts[term] ?? 0) + (shares[place] ?? 0) * Math.min(1, other.counts[term] ?? 0);
      }
    }
  }
  return counts === undefined ? 0 : lookup.text(counts, own.length) - own.text;
}

function named({ who, before = [], after = [] }: PoolDocument, lookup: Lookup): number {
  if (lookup.isNamed(who)) return 1;
  return [...before, ...after].some((other) => lookup.isNamed(other.who)) ? NAMED_NEIGHBOUR : 0;
}

/** The names of those who said something, in lower case; several for one who has several. */
function namesIn(pool: readonly PoolDocument[]): Map<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  for (const { who } of pool) {
    if (who === null || names.has(who)) continue;
    const parts = who.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    names.set(
      who,
      parts.filter((part) => part.length > 1 && !PARTS.has(part)),
    );
  }
  return names;
}

/** Finds the terms of the question in sequences and weighs them. */
class Lookup {
  readonly #context: RankingContext;
  readonly #places = new Map<number, readonly [place: number, share: number]>();
  /** Whether any term's hash ends in these 16 bits: tells most of a text apart from the question at once. */
  readonly #ends = new Uint8Array(65_536);
  readonly #total: number;
  /** The weight of each term: its rarity, less for a name. */
  readonly #idf: Float64Array;
  readonly #named = new Set<string>();

  constructor(context: RankingContext, names: ReadonlyMap<string, readonly string[]>) {
    this.#context = context;
    this.#idf = Float64Array.from(context.terms, ({ idf }) => idf);
    const asked = new Map(context.terms.map(({ surface }, place) => [surface, place]));
    for (const [who, parts] of names) {
      for (const part of parts) {
        const place = asked.get(part);
        if (place === undefined) continue;
        this.#named.add(who);
        this.#idf[place] = (context.terms[place]?.idf ?? 0) * NAME_SHARE;
      }
    }
    for (const [place, { forms }] of context.terms.entries()) {
      for (const [term, share] of forms) {
        const hash = hashTerm(term);
        if ((this.#places.get(hash)?.[1] ?? 0) < share) this.#places.set(hash, [place, share]);
        this.#ends[hash & 0xffff] = 1;
      }
    }
    this.#total = this.#idf.reduce((sum, idf) => sum + idf, 0) || 1;
  }

  match(document: PoolDocument): Matched {
    const { sequence } = document;
    const { terms } = this.#context;
    const counts = new Float64Array(terms.length);
    const titleEnd = SEQUENCE_HEADER + (sequence[0] ?? 0);
    let isHit = false;
    for (let at = SEQUENCE_HEADER; at < sequence.length; at += 1) {
      const hash = sequence[at] ?? 0;
      if (this.#ends[hash & 0xffff] === 0) continue;
      const hit = this.#places.get(hash);
      if (hit === undefined) continue;
      const [place, share] = hit;
      isHit = true;
      counts[place] = (counts[place] ?? 0) + share * (at < titleEnd ? TITLE_COUNT : 1);
    }
    const length = lengthOf(sequence);
    return {
      document,
      counts,
      length,
      isHit,
      text: this.text(counts, length),
    };
  }

  /** BM25 as a share of what the whole question could give. */
  text(counts: Float64Array, length: number): number {
    const norm = K1 * (1 - B + (B * length) / this.#context.averageLength);
    let score = 0;
    for (let place = 0; place < counts.length; place += 1) {
      const count = counts[place] ?? 0;
      if (count > 0) score += ((this.#idf[place] ?? 0) * count * (K1 + 1)) / (count + norm);
    }
    return score / this.#total;
  }

  /** The share of the question that is met at all. */
  cover(counts: Float64Array): number {
    let score = 0;
    for (let place = 0; place < counts.length; place += 1) {
      score += (this.#idf[place] ?? 0) * Math.min(1, counts[place] ?? 0);
    }
    return score / this.#total;
  }

  isNamed(who: string | null): boolean {
    return who !== null && this.#named.has(who);
  }
}

/** How much of the question each session meets, all its documents of the pool together. */
function sessionsOf(all: readonly Matched[], lookup: Lookup): Map<number, number> {
  const counts = new Map<number, Float64Array>();
  for (const { document, counts: own, isHit } of all) {
    if (document.session === null || !isHit) continue;
    const sum = counts.get(document.session) ?? new Float64Array(own.length);
    counts.set(document.session, sum);
    for (let term = 0; term < sum.length; term += 1) sum[term] = (sum[term] ?? 0) + (own[term] ?? 0);
  }
  return new Map([...counts].map(([session, sum]) => [session, lookup.cover(sum)]));
}
