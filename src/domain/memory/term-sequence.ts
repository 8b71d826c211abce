/**
 * The terms of a document as numbers, so that ranking reads 4 bytes a term and no text.
 * [0] terms in the title, [1] terms of the whole document (also those beyond the limit), [2] flags, [3…] title and body.
 */
export type TermSequence = Uint32Array;

export const SEQUENCE_HEADER = 3;
/** Terms of a document that ranking looks at: what a text is about is said by then, and it is 8 KB. */
const MAX_TERMS = 2_048;
/** The text ends in a question, or most of its sentences are. */
const FLAG_ASKS = 1;

export function encodeSequence(title: readonly string[], body: readonly string[], asks: boolean): TermSequence {
  const kept = Math.min(MAX_TERMS, title.length + body.length);
  const sequence = new Uint32Array(SEQUENCE_HEADER + kept);
  sequence[0] = Math.min(title.length, kept);
  sequence[1] = title.length + body.length;
  sequence[2] = asks ? FLAG_ASKS : 0;
  for (let place = 0; place < kept; place += 1) {
    const term = place < title.length ? title[place] : body[place - title.length];
    sequence[SEQUENCE_HEADER + place] = hashTerm(term ?? '');
  }
  return sequence;
}

/** The number of terms of the whole document. */
export function lengthOf(sequence: TermSequence): number {
  return sequence[1] ?? 0;
}

export function asks(sequence: TermSequence): boolean {
  return ((sequence[2] ?? 0) & FLAG_ASKS) !== 0;
}

/** FNV-1a over UTF-16 units, 32 bits: two of a query's terms and a document's meet by chance once in 10^7 documents. */
export function hashTerm(term: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < term.length; place += 1) {
    hash = Math.imul(hash ^ term.charCodeAt(place), 0x01000193);
  }
  return hash >>> 0;
}
