import { stripPrivate } from './private-parts.js';
import { findSecrets, redactText, replaceSpans } from './redact-text.js';

/** A text that may be stored. */
export interface PreparedText {
  readonly text: string;
  /** Nothing but private parts was in it. */
  readonly isPrivate: boolean;
  /** Characters that were left out of the middle because of the cap; 0 when it is whole. */
  readonly leftOut: number;
}

/**
 * How far beyond a cut secrets are looked for, in characters: longer than any key. (A longer one, such as a cookie of
 * 20 kB that a cut runs through, keeps what lies behind the margin.)
 */
const MARGIN = 16_384;

/**
 * Takes private parts and secrets out and caps what is left to about `cap` UTF-16 code units, with head and tail kept.
 *
 * Private parts go first, over the whole text: a tag may stand far from what it hides. Secrets go before the cut, so that
 * none is cut to a half that nothing would know again; but only around the two pieces that are kept, because 16 MB would
 * take a third of a second.
 */
export function prepareText(text: string, cap: number): PreparedText {
  const open = stripPrivate(text);
  const whole = open.text;
  const { isPrivate } = open;
  const half = Math.floor(cap / 2);
  if (whole.length <= cap) {
    const text = redactText(whole);
    // Markers may be longer than what they replace.
    if (text.length <= cap) return { text, isPrivate, leftOut: 0 };
    return { ...joinPieces(text, text, half, text.length - 2 * half), isPrivate };
  }
  const headEnd = atCharacter(whole, half);
  const tailStart = atCharacter(whole, whole.length - half);
  const head = whole.slice(0, headEnd + MARGIN);
  const tailFrom = Math.max(0, tailStart - MARGIN);
  const tail = whole.slice(tailFrom);
  const first = redactText(replaceSpans(head, 0, headEnd, findSecrets(head)));
  const last = redactText(replaceSpans(tail, tailStart - tailFrom, tail.length, findSecrets(tail)));
  return { ...joinPieces(first, last, half, tailStart - headEnd), isPrivate };
}

/** The beginning of one and the end of the other text, each at most `half` long, with a line between that tells. */
function joinPieces(first: string, last: string, half: number, leftOut: number) {
  const head = first.slice(0, atCharacter(first, half));
  const tail = last.slice(atCharacter(last, Math.max(0, last.length - half)));
  return { text: `${head}\n[… ${leftOut} characters left out …]\n${tail}`, leftOut };
}

/** `at`, or one less where it would cut a surrogate pair. */
function atCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? Math.max(0, at - 1) : at;
}
