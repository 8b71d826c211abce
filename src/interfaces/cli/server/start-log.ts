import { readFileSync } from 'node:fs';

/** A sentence is short; of a longer log only this many of its last UTF-16 code units are looked at. */
const LOOKED_AT = 4_000;
const STACK_LINE = /^\s+at \S/m;

/** The sentence with which a server said why it could not start: the last line of the log of its start, if it is one. */
export function readStartSentence(file: string): string | undefined {
  const text = readFileSync(file, 'utf8').slice(-LOOKED_AT);
  if (STACK_LINE.test(text)) return undefined;
  return text.split('\n').findLast((line) => line.trim() !== '');
}
