import { datesIn, type NamedTime } from './dates-in-question.js';
import { splitWords } from './split-words.js';
import { STOP_WORDS } from './stop-words.js';

/** Terms of a question that count; the rest of a longer one is not looked at. */
const MAX_QUERY_TERMS = 32;
/** Characters of a question that are looked at. */
const MAX_QUERY = 4_000;

export interface QueryTerm {
  readonly term: string;
  /** The word as it was typed, in lower case. */
  readonly surface: string;
  /** It stands last and may go on: it also means what starts like it. */
  readonly open: boolean;
}

export interface ParsedQuery {
  /** Without stop words, unless there is nothing else; each once, in the order of the question. */
  readonly terms: readonly QueryTerm[];
  readonly dates: readonly NamedTime[];
}

/** Takes any text for a question: nothing in it is syntax. `now` is what "yesterday" is measured from. */
export function parseQuery(text: string, now: number): ParsedQuery {
  const question = text.slice(0, MAX_QUERY);
  const words = splitWords(question);
  const telling = words.filter(({ surface }) => !STOP_WORDS.has(surface));
  const used = telling.length > 0 ? telling : words;
  const seen = new Set<string>();
  const terms: QueryTerm[] = [];
  for (const { term, surface } of used) {
    if (seen.has(term)) continue;
    seen.add(term);
    if (terms.length === MAX_QUERY_TERMS) break;
    terms.push({ term, surface, open: false });
  }
  const last = words.at(-1);
  if (last !== undefined && /[\p{L}\p{N}]$/u.test(question)) {
    const place = terms.findIndex(({ term }) => term === last.term);
    const found = terms[place];
    if (found !== undefined) terms[place] = { ...found, open: true };
  }
  return { terms, dates: datesIn(question, now) };
}
