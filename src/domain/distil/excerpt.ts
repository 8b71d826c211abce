import { cutText } from '../shared/cut-text.js';

const ESC = '\\u001b';
const BELL = '\\u0007';
/** What a terminal acts on instead of showing: colours and other sequences that start with ESC. */
const SEQUENCES = new RegExp(`${ESC}(?:\\[[0-9;?]{0,16}[a-zA-Z]|\\][^${BELL}${ESC}]{0,200}${BELL}?)`, 'gu');
/** The other controls, and what changes the direction of writing. */
const CONTROLS = new RegExp(
  `[${['\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f', '\\u2028\\u2029', '\\u202a-\\u202e\\u2066-\\u2069'].join('')}]`,
  'gu',
);

/** Most characters of a tool's output that go into one fact: enough for an error, too little for a page of orders. */
const EXCERPT_LENGTH = 160;

/** A text without terminal sequences and controls; line ends stay. */
export function plainText(text: string): string {
  return text.replace(/\r\n?/gu, '\n').replace(SEQUENCES, '').replace(CONTROLS, '');
}

/** A short piece of text from outside, on one line and without backticks, so that it can be quoted. */
export function excerpt(text: string, length = EXCERPT_LENGTH): string {
  // Only what can be shown is cleaned: the text may be long.
  const start = text.slice(0, length * 4);
  return cutText(plainText(start).replaceAll('`', "'").replace(/\s+/gu, ' ').trim(), length);
}

/** `1 file`, `2 files`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Names in a row: `a, b and 3 more`. */
export function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

/** Each once, in the order of first appearance, at most `most`. */
export function distinct(values: Iterable<string>, most = Infinity): string[] {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.size >= most) break;
    if (value !== '') seen.add(value);
  }
  return [...seen];
}
