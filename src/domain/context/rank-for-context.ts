import type { KeptObservation, ObservationType } from '../observation/observation.js';

/** What the session is about to work on, as far as it is known. */
export interface AtHand {
  readonly prompt: string;
  /** Relative or absolute paths. */
  readonly files: readonly string[];
}

/** What is worth more to one who comes new to a place: why things are as they are, before what was run. */
const TYPE_WEIGHT: Readonly<Record<ObservationType, number>> = {
  note: 0.6,
  decision: 0.6,
  fix: 0.4,
  discovery: 0.4,
  feature: 0.4,
  summary: 0.3,
  refactor: 0.3,
  change: 0.2,
  test: 0.1,
  command: 0,
};
/** An entry this many places back counts half as recent. */
const HALF_RECENT = 25;
const FILE_WEIGHT = 1.5;
const WORD_WEIGHT = 1.5;
/** Words of a prompt that are looked at, and letters that a word has at least. */
const MAX_WORDS = 40;
const MIN_LETTERS = 3;

/** Observations, newest first, put in the order in which they help: recency, kind, files at hand, words of the prompt. */
export function rankForContext(newestFirst: readonly KeptObservation[], atHand: AtHand): KeptObservation[] {
  const words = wordsOf(atHand.prompt).slice(0, MAX_WORDS);
  const scored = newestFirst.map((observation, place) => ({
    observation,
    score:
      1 / (1 + place / HALF_RECENT) +
      TYPE_WEIGHT[observation.type] +
      FILE_WEIGHT * (touchesAny(observation, atHand.files) ? 1 : 0) +
      WORD_WEIGHT * shareOf(words, observation),
  }));
  return scored.sort((a, b) => b.score - a.score).map(({ observation }) => observation);
}

function touchesAny({ filesModified, filesRead }: KeptObservation, files: readonly string[]): boolean {
  return files.some((file) => [...filesModified, ...filesRead].some((known) => isSamePath(known, file)));
}

/** Whether one path ends with the other: both may be relative to different directories. */
function isSamePath(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short !== '' && (long === short || long.endsWith(`/${short.replace(/^\.?\//, '')}`));
}

/** Which part of the words stands in the entry. */
function shareOf(words: readonly string[], { title, narrative, concepts, filesModified }: KeptObservation): number {
  if (words.length === 0) return 0;
  const there = new Set(wordsOf([title, narrative, ...concepts, ...filesModified].join(' ')));
  return words.filter((word) => there.has(word)).length / words.length;
}

function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return [...new Set(words.filter((word) => word.length >= MIN_LETTERS))];
}
