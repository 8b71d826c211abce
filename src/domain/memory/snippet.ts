import { splitWords } from './split-words.js';

/** A part of a text with the places that were looked for: pairs of start and end, in UTF-16 units of `text`. */
export interface Snippet {
  readonly text: string;
  readonly highlights: readonly (readonly [start: number, end: number])[];
}

/** Length of a snippet, in characters, and how much of it stands before the first word that was looked for. */
const LENGTH = 240;
const LEAD = 60;
/** Text that is looked through for the place that shows most. */
const MAX_LOOKED_AT = 20_000;
const MAX_HIGHLIGHTS = 32;
const CUT = '…';
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;

/** The part of the text with most of the terms, each counted once. `terms` are stems and words in lower case. */
export function snippetOf(text: string, terms: ReadonlySet<string>): Snippet {
  const found = placesOf(text.slice(0, MAX_LOOKED_AT), terms);
  let [best, most] = [0, 0];
  for (const [place, { start }] of found.entries()) {
    const seen = new Set<string>();
    for (const other of found.slice(place)) {
      if (other.end > start + LENGTH - LEAD) break;
      seen.add(other.term);
    }
    if (seen.size > most) [best, most] = [start, seen.size];
  }
  const from = best < LENGTH - LEAD ? 0 : wordStart(text, best - LEAD);
  const to = wholeCharacters(text, Math.min(text.length, from + LENGTH));
  const [lead, tail] = [from > 0 ? CUT : '', to < text.length ? CUT : ''];
  return {
    text: lead + text.slice(from, to) + tail,
    highlights: found
      .filter(({ start, end }) => start >= from && end <= to)
      .slice(0, MAX_HIGHLIGHTS)
      .map(({ start, end }) => [start - from + lead.length, end - from + lead.length]),
  };
}

function placesOf(text: string, terms: ReadonlySet<string>) {
  const found: { start: number; end: number; term: string }[] = [];
  for (const match of text.matchAll(WORD)) {
    const word = match[0];
    const hit = splitWords(word).find(({ term, surface }) => terms.has(term) || terms.has(surface));
    if (hit !== undefined) found.push({ start: match.index, end: match.index + word.length, term: hit.term });
  }
  return found;
}

/** The next start of a word, so that none is shown by half. */
function wordStart(text: string, from: number): number {
  const space = text.slice(from, from + LEAD).search(/\s\S/);
  return space === -1 ? from : from + space + 1;
}

/** One unit less where this would end within a character. */
function wholeCharacters(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
