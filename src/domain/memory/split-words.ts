import { porterStem } from './porter-stem.js';

/** Longest word that is indexed, in characters: longer ones are encoded data. */
const MAX_WORD = 64;
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
/** Most text is plain ASCII, and expressions that know nothing else are several times as fast. */
const ASCII_TEXT = /^[\0-\x7f]*$/;
const ASCII_WORD = /[A-Za-z0-9_]+/g;
const ASCII_PART = /[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+/g;
const PLAIN = /^[a-z]+$/;
const ASCII = /^[A-Za-z0-9_]+$/;
/** `getUserById` → get, User, By, Id; `HTTPServer` → HTTP, Server; `utf8Text` → utf8, Text. */
const PART = /\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+\p{N}*|\p{Lu}\p{N}*|\p{N}+|[\p{L}\p{M}\p{N}]/gu;
/** Runs of scripts that put no space between words: they are indexed by pairs of characters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu;
const HAS_UNSPACED = new RegExp(UNSPACED.source, 'u');
const ACCENTS = /[\u0300-\u036f]/g;
/** What a character that is written out may hold beside letters and digits: the slash of ½, the spaces of a ligature. */
const NO_WORD = /[^\p{L}\p{M}\p{N}_]/gu;

/** A term as it stands in the index, and the lower-case word it comes from. */
export interface Word {
  readonly term: string;
  readonly surface: string;
}

/**
 * The words of a text, in order: an identifier gives itself in lower case and then its parts, a run of Chinese or
 * Japanese its pairs of characters. Terms hold letters and digits only. The same for what is indexed and what is asked.
 */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  for (const word of text.match(ASCII_TEXT.test(text) ? ASCII_WORD : WORD) ?? []) {
    if (PLAIN.test(word)) {
      if (word.length <= MAX_WORD) words.push({ term: porterStem(word), surface: word });
    } else if (ASCII.test(word)) {
      addIdentifier(word, words);
    } else {
      addForeign(word, words);
    }
  }
  return words;
}

function addIdentifier(word: string, words: Word[]): void {
  const parts = word.match(ASCII.test(word) ? ASCII_PART : PART) ?? [];
  if (parts.length > 1) {
    const whole = word.replaceAll('_', '').toLowerCase();
    if (whole.length <= MAX_WORD) words.push({ term: whole, surface: whole });
  }
  for (const part of parts) {
    const surface = part.toLowerCase();
    if (surface.length <= MAX_WORD) words.push({ term: PLAIN.test(surface) ? porterStem(surface) : surface, surface });
  }
}

function addForeign(word: string, words: Word[]): void {
  const folded = word.normalize('NFKD').replace(ACCENTS, '').normalize('NFKC').replace(NO_WORD, '');
  if (!HAS_UNSPACED.test(folded)) {
    addIdentifier(folded, words);
    return;
  }
  let end = 0;
  for (const run of folded.matchAll(UNSPACED)) {
    addIdentifier(folded.slice(end, run.index), words);
    addPairs(Array.from(run[0]), words);
    end = run.index + run[0].length;
  }
  addIdentifier(folded.slice(end), words);
}

/** The last character stands alone too, so that a single one is found as the start of a pair wherever it is. */
function addPairs(characters: readonly string[], words: Word[]): void {
  for (const [place, character] of characters.entries()) {
    const pair = character + (characters[place + 1] ?? '');
    words.push({ term: pair, surface: pair });
  }
}
