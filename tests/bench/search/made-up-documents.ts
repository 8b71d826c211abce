import type { Document } from '../../../src/domain/memory/document.js';
import type { SearchRequest } from '../../../src/domain/memory/search-request.js';
import { seeded } from '../recall/chat-set.js';

const START = Date.UTC(2025, 0, 1);
const MINUTE = 60_000;
const TYPES = ['change', 'fix', 'feature', 'refactor', 'decision', 'discovery', 'test', 'command'];
const SYLLABLES =
  'ba co di fu ge hi ja ke lo mu na pe qui ro sa te vu wi xa yo za tion er ing con pre form str act'.split(' ');
/** Words that are used; by Zipf's law a few make up most of a text. */
const WORDS = 150_000;
/** The most frequent words are those that a search leaves out. */
const FUNCTION_WORDS = 'the of to and in is for it that on with as this was by from be are not at'.split(' ');

/** Words with the frequencies of a real text: the n-th has a share of about 1 / n. */
export class Vocabulary {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  word(): string {
    return this.at(Math.floor(WORDS ** this.random()) - 1);
  }

  /** A word that tells something, as those of questions do. */
  telling(): string {
    return this.at(FUNCTION_WORDS.length + Math.floor((WORDS / 10) ** this.random()) - 1);
  }

  at(rank: number): string {
    const common = FUNCTION_WORDS[rank];
    if (common !== undefined) return common;
    let word = '';
    for (let rest = rank * 7 + 11; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
      word += SYLLABLES[rest % SYLLABLES.length] ?? '';
    return rank % 9 === 0
      ? `${word}_${SYLLABLES[rank % 17]}`
      : rank % 7 === 0
        ? `${word}Of${SYLLABLES[rank % 13]}`
        : word;
  }
}

export function madeUpDocument(vocabulary: Vocabulary, number: number): Document {
  const words = (count: number) => Array.from({ length: count }, () => vocabulary.word()).join(' ');
  const length = 20 + Math.floor(vocabulary.random() * 100);
  return {
    key: number + 1,
    kind: number % 5 === 0 ? 'prompt' : 'observation',
    type: number % 5 === 0 ? 'prompt' : (TYPES[number % TYPES.length] ?? 'change'),
    workspace: 1 + (Math.floor(number / 40) % 20),
    session: 1 + Math.floor(number / 40),
    at: START + number * MINUTE,
    who: number % 5 === 0 ? 'user' : null,
    title: words(7),
    body: `${words(length)}.`,
    files: [`src/${vocabulary.word()}/${vocabulary.word()}.ts`],
    concepts: [vocabulary.word()],
    pinned: false,
  };
}

/** One to twelve words, every third with a filter, every other with a last word that is not finished. */
export function madeUpQuestion(vocabulary: Vocabulary, number: number, documents: number): SearchRequest {
  const words = Array.from({ length: 1 + (number % 12) }, () => vocabulary.telling());
  const text = words.join(' ');
  const now = START + documents * MINUTE;
  const filters = [
    { workspaces: [1 + (number % 20)] },
    { types: ['fix', 'feature'] },
    { since: START + (documents / 2) * MINUTE },
  ];
  return {
    text: number % 2 === 0 ? text.slice(0, Math.max(3, text.length - 2)) : `${text} `,
    filter: number % 3 === 0 ? (filters[(number / 3) % 3] ?? {}) : {},
    now,
    limit: 20,
  };
}
