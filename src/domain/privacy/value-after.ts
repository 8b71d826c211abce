import { isBlank, isQuote } from './name-before.js';

/** The value on the right of `=` or `:`. */
export interface ValueAfter {
  readonly start: number;
  readonly isQuoted: boolean;
  /** Blanks stand between it and the sign. */
  readonly isSpaced: boolean;
  /** The end of a quoted value: its closing quote, or the end of the line where that is missing. */
  readonly end: number;
}

const MAX_BLANKS = 64;
/** JSON in JSON in JSON: 1, 3, 7 backslashes before a quote. Deeper ones are taken for bare words. */
const MAX_BACKSLASHES = 8;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
/** `const token: string = "…"`: the value stands behind the type. */
const TYPE =
  /(?:string|String|str|any|unknown|&(?:'static )?str)(?: ?\| ?(?:null|undefined|None))?[ \t]{0,4}=(?![=>])[ \t]{0,4}/y;
/** `=`, `:=`, `=>`, `==`, `===`. */
const SIGN = /[:=][=>]{0,2}/y;

/** Finds the value that the sign at `at` gives, up to its opening: quoted or bare. */
export function valueAfter(text: string, at: number): ValueAfter {
  SIGN.lastIndex = at;
  SIGN.test(text);
  let start = skipBlanks(text, SIGN.lastIndex);
  const isSpaced = start > SIGN.lastIndex;
  TYPE.lastIndex = start;
  if (TYPE.test(text)) start = TYPE.lastIndex;
  let open = start;
  // Python and C# have letters before a quote: b"…", f'…', @"…".
  if (/[bfru@$]/i.test(text.charAt(open)) && isQuote(text.charCodeAt(open + 1))) open += 1;
  let backslashes = 0;
  while (backslashes < MAX_BACKSLASHES && text.charCodeAt(open + backslashes) === BACKSLASH) backslashes += 1;
  const quote = text.charCodeAt(open + backslashes);
  if (!isQuote(quote)) return { start, isQuoted: false, isSpaced, end: start };
  let inside = open + backslashes + 1;
  // """…""" of Python and TOML.
  if (backslashes === 0 && text.charCodeAt(inside) === quote && text.charCodeAt(inside + 1) === quote) inside += 2;
  return { start: inside, isQuoted: true, isSpaced, end: closingOf(text, inside, quote, backslashes) };
}

/** Characters that end a bare word, beside blanks and control characters: 1 at the code of each. */
export function stopsAt(characters: string): Uint8Array {
  const table = new Uint8Array(128).fill(1, 0, 0x21);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** The end of a bare word that starts at `start`: the first of `stops`, not further than `limit` characters. */
export function endOfWord(text: string, start: number, stops: Uint8Array, limit: number): number {
  const last = Math.min(text.length, start + limit);
  let end = start;
  while (end < last && stops[text.charCodeAt(end)] !== 1) end += 1;
  return end;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < from + MAX_BLANKS && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** A quote closes when it is as escaped as the opening one was, or less. */
function closingOf(text: string, from: number, quote: number, backslashes: number): number {
  let run = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) return at;
    if (code === BACKSLASH) {
      run += 1;
      continue;
    }
    if (code === quote && (backslashes === 0 ? run % 2 === 0 : run <= backslashes)) {
      return backslashes === 0 ? at : at - run;
    }
    run = 0;
  }
  return text.length;
}
