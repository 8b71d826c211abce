import { cutText } from '../shared/cut-text.js';

/** Looks like "<", and may be taken for it. */
const OPENING = /[<\u{FF1C}\u{FE64}\u{2039}\u{27E8}\u{3008}]/gu;
/** Controls, what is not seen (zero width, direction, tags), separators of lines and paragraphs, unpaired surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{DI}\p{Zl}\p{Zp}\p{Cs}\p{Co}]+/gu;
const SPACES = /\s+/gu;

/**
 * A text as it may stand in a context: one line, of at most `length` UTF-16 code units, without hidden characters, and
 * without the sign that begins a delimiter, so that nothing in it can end the block that it stands in.
 */
export function asData(text: string, length: number): string {
  // Cut first, so that a long text is not worked through; what is taken out may be cut twice.
  const start = text.length > length * 4 ? text.slice(0, length * 4) : text;
  const plain = start
    .replace(/[\r\n\t\v\f]/g, ' ')
    .replace(HIDDEN, '')
    .replace(SPACES, ' ')
    .trim();
  return cutText(plain, length).replace(OPENING, '&lt;');
}
