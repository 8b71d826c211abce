import type { Document } from './document.js';
import { splitWords } from './split-words.js';
import { encodeSequence, type TermSequence } from './term-sequence.js';

/** Text that is indexed of one document, in characters: the rest is stored and shown, and costs the writer nothing. */
const MAX_INDEXED = 64_000;
/** Shortest and longest word that parts of words are found in, in characters. */
const SHORTEST_WORD = 4;
const LONGEST_WORD = 48;
/** Scripts without spaces stand behind this code point, as most of the world's do. */
const FIRST_UNSPACED = 0x0e00;
/** Numbers and hashes are found as they are and by their start. */
const NO_PARTS = /^[0-9]+$|^[0-9a-f]{12,}$/;
const SENTENCE_END = /[.!?。！？]+(?:\s|$)/g;

/** What the index holds of a document: columns of terms with spaces between, the words, and the sequence of terms. */
export interface IndexEntry {
  readonly title: string;
  readonly body: string;
  readonly files: string;
  readonly tags: string;
  /** Lower-case words in which a part of a word is looked for. */
  readonly words: ReadonlySet<string>;
  readonly sequence: TermSequence;
}

export function indexDocument(document: Document): IndexEntry {
  const text = document.body.slice(0, MAX_INDEXED);
  const title = splitWords(document.title.slice(0, MAX_INDEXED));
  const body = splitWords([text, ...document.concepts].join('\n'));
  const files = document.files.map((file) => splitWords(file));
  const words = new Set<string>();
  for (const list of [title, body, ...files]) {
    for (const { surface } of list) {
      if (isListed(surface)) words.add(surface);
    }
  }
  const terms = body.map(({ term }) => term);
  const fileTerms = files.flat().map(({ term }) => term);
  return {
    title: joinTerms(title),
    body: terms.join(' '),
    files: document.files.map((file) => pathTerms(file).join(' ')).join(` ${FILE_END} `),
    tags: tagsOf(document).join(' '),
    words,
    sequence: encodeSequence(
      title.map(({ term }) => term),
      [...terms, ...fileTerms],
      isQuestion(text),
    ),
  };
}

/** Stands between two files, so that no path is found across them. */
const FILE_END = '_';

/** The segments of a path as terms: `src/getUser.ts` → src, getuser, ts. */
export function pathTerms(path: string): string[] {
  return path
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
}

/** Terms with an underscore, which no word has. */
function tagsOf(document: Document): string[] {
  const { kind, type, workspace, session, who, concepts } = document;
  return [
    tag('kind', kind),
    tag('type', type),
    tag('workspace', String(workspace)),
    ...(session === null ? [] : [tag('session', String(session))]),
    ...(who === null ? [] : [tag('who', who)]),
    ...concepts.map((concept) => tag('concept', concept)),
  ];
}

export type TagName = 'kind' | 'type' | 'workspace' | 'session' | 'who' | 'concept';

/** The term that stands for a property: `kind_note`. Case and punctuation of the value do not count. */
export function tag(name: TagName, value: string): string {
  return `${name}_${value
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')}`;
}

/** Whether others are widened to this word. Signs of scripts without spaces are few and short. */
function isListed(word: string): boolean {
  if (word.length > LONGEST_WORD || NO_PARTS.test(word)) return false;
  return word.length >= SHORTEST_WORD || word.charCodeAt(0) > FIRST_UNSPACED;
}

function joinTerms(words: readonly { readonly term: string }[]): string {
  return words.map(({ term }) => term).join(' ');
}

/** Whether a text asks more than it tells: an answer rarely does. */
function isQuestion(text: string): boolean {
  const ends = text.trimEnd().match(SENTENCE_END) ?? [];
  if (ends.length === 0) return false;
  const questions = ends.filter((end) => /[?？]/.test(end)).length;
  return questions * 2 > ends.length;
}
