import { MAX_NAME } from './secret-names.js';

/** The name on the left of `=` or `:`. */
export interface NameBefore {
  readonly name: string;
  /** Where it starts, without the quotes or brackets around it. */
  readonly start: number;
  readonly isQuoted: boolean;
  /** Blanks stand between it and the sign. */
  readonly isSpaced: boolean;
}

/** Blanks that may stand between a name and its sign; tables are aligned wider, settings are not. */
const MAX_BLANKS = 32;

/** Reads the name that ends at the `=` or `:` at `at`; undefined where there is none. Looks back a bounded way. */
export function nameBefore(text: string, at: number): NameBefore | undefined {
  let end = at;
  while (end > at - MAX_BLANKS && isBlank(text.charCodeAt(end - 1))) end -= 1;
  const isSpaced = end < at;
  // `password?: string`
  if (text.charAt(end - 1) === '?') end -= 1;
  const isBracketed = text.charAt(end - 1) === ']';
  if (isBracketed) end -= 1;
  const isQuoted = isQuote(text.charCodeAt(end - 1));
  if (isQuoted) {
    end -= 1;
    while (text.charAt(end - 1) === '\\') end -= 1;
  }
  let start = end;
  while (start > end - MAX_NAME - 1 && isNamePart(text.charCodeAt(start - 1))) start -= 1;
  // The letter of an escape (`\nPASSWORD=`) belongs to the escape.
  if (text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start))) start += 1;
  if (start >= end || (isBracketed && !isQuoted && text.charAt(start - 1) !== '[')) return undefined;
  return { name: text.slice(start, end), start, isQuoted, isSpaced };
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60;
}

function isNamePart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}
