import type { ParsedQuery, QueryTerm } from '../../domain/memory/parse-query.js';
import type { WeighedTerm } from '../../domain/memory/rank-documents.js';
import { splitWords } from '../../domain/memory/split-words.js';
import type { DocumentReads } from './document-reads.js';
import { anyOf } from './match-expression.js';

/** Documents with a term that are counted one by one; how many there are beyond is estimated. Some 1 ms. */
const MAX_COUNTED = 10_000;
/** Words that one term is widened to: those that start with it, or have it inside. */
const MAX_WIDENED = 24;
/** Fewest characters of a word's start, and of a word's inside. */
const SHORTEST_START = 2;
const SHORTEST_INSIDE = 3;
/** A question of more words is a sentence, and its last word is whole. */
const LONGEST_OPEN_QUERY = 3;
/** What an occurrence of a widened term counts. */
const WIDENED_SHARE = 0.5;
/** Terms whose frequency is remembered. */
const MAX_REMEMBERED = 10_000;
/** A frequency is counted anew when the index has grown by this share. */
const STALE_GROWTH = 1.05;

export interface SearchTerm extends WeighedTerm {
  /** Documents that have it, about. */
  readonly frequency: number;
}

/** Knows how frequent terms are. Lives as long as its connection, and remembers. */
export class SearchTerms {
  readonly #reads: DocumentReads;
  readonly #frequencies = new Map<string, { frequency: number; documents: number }>();

  constructor(reads: DocumentReads) {
    this.#reads = reads;
  }

  /** The terms of a question with what they were widened to and how frequent they are, as given or as counted now. */
  weigh(
    { terms }: ParsedQuery,
    state: { readonly documents: number; readonly lastKey: number },
    known: readonly number[] | undefined,
  ): SearchTerm[] {
    return terms.map((term, place) => {
      const own = this.#frequency(term.term, state);
      const widened = this.#widen(term, own, terms.length);
      const forms: (readonly [string, number])[] = [
        [term.term, 1],
        ...widened.map((form): readonly [string, number] => [form, WIDENED_SHARE]),
      ];
      const counted =
        known?.[place] ?? (own > 0 ? own : widened.reduce((sum, form) => sum + this.#frequency(form, state), 0));
      const frequency = Math.min(state.documents, counted);
      return {
        surface: term.surface,
        forms,
        frequency,
        idf: Math.log(1 + (state.documents - frequency + 0.5) / (frequency + 0.5)),
      };
    });
  }

  /** The terms of words that start with it, if it stands last or is unknown; of words that have it inside, if need be. */
  #widen({ term, surface, open }: QueryTerm, frequency: number, terms: number): string[] {
    const isOpen = open && (terms <= LONGEST_OPEN_QUERY || frequency === 0);
    if (!isOpen && frequency > 0) return [];
    let words: string[] = [];
    if (surface.length >= SHORTEST_START || frequency === 0) {
      words = this.#reads.startingWith.all(surface, `${surface}\u{10ffff}`, MAX_WIDENED);
    }
    if (words.length === 0 && frequency === 0 && surface.length >= SHORTEST_INSIDE) {
      words = this.#reads.containing.all(`%${surface}%`, MAX_WIDENED);
    }
    const forms = new Set<string>();
    for (const word of words) {
      const [first] = splitWords(word);
      if (first !== undefined && first.term !== term) forms.add(first.term);
    }
    return [...forms];
  }

  #frequency(term: string, { documents, lastKey }: { readonly documents: number; readonly lastKey: number }): number {
    const remembered = this.#frequencies.get(term);
    if (remembered !== undefined && documents <= remembered.documents * STALE_GROWTH + 1) return remembered.frequency;
    const { counted, reached } = this.#reads.count.get(anyOf([term]), lastKey, MAX_COUNTED) ?? {
      counted: 0,
      reached: 0,
    };
    let frequency = counted;
    if (counted === MAX_COUNTED && reached !== null) {
      const ordinal = this.#reads.ordinal.get(reached) ?? 0;
      const newest = this.#reads.ordinal.get(lastKey) ?? documents;
      frequency = Math.max(counted, Math.min(documents, (counted * newest) / Math.max(1, newest - ordinal)));
    }
    if (this.#frequencies.size >= MAX_REMEMBERED) this.#frequencies.clear();
    this.#frequencies.set(term, { frequency, documents });
    return frequency;
  }
}
