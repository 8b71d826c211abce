import { patchPaths } from './patch-paths.js';
import type { ToolPaths } from './paths.js';

const READERS = new Set(
  'cat bat head tail less more nl wc od xxd hexdump strings sort uniq cut grep egrep fgrep rg awk sed jq yq diff source .'.split(
    ' ',
  ),
);
const WRITERS = new Set('tee touch rm mv cp chmod chown truncate mkdir rmdir ln install patch'.split(' '));
/** Before the program itself: `sudo cat x`, `env A=1 cat x`. */
const PREFIXES = new Set('sudo env time nohup command exec nice xargs then do else'.split(' '));
const OPERATORS = new Set([';', '&', '|', '(', ')', '\n', '{', '}']);
/** Far over any command that a person or model writes; what is longer carries data. */
const MAX_LENGTH = 65_536;

interface Word {
  readonly text: string;
  /** An operator or the sign of a redirection, not a word. */
  readonly isSign: boolean;
}

/**
 * The paths in a shell command, as far as they can be told without running it: arguments of well-known readers and
 * writers, redirections, embedded patches. Every other word that may be a path is `named`, so that no excluded file
 * slips through; variables and wildcards are not resolved.
 */
export function commandPaths(command: string): ToolPaths {
  const read: string[] = [];
  const modified: string[] = [];
  const named: string[] = [];
  let program = '';
  let after = '';
  for (const { text, isSign } of wordsOf(command.slice(0, MAX_LENGTH))) {
    if (isSign) {
      if (OPERATORS.has(text)) program = '';
      after = text;
      continue;
    }
    const redirected = after;
    after = '';
    const path = pathOf(text);
    if (redirected === '>') modified.push(text);
    else if (redirected === '<') read.push(text);
    else if (program === '') {
      if (!PREFIXES.has(text) && !/^\w+=/.test(text)) program = text.slice(text.lastIndexOf('/') + 1);
      if (path !== undefined) named.push(path);
    } else if (path !== undefined) {
      const isFlag = text.startsWith('-') || text !== path;
      (isFlag ? named : WRITERS.has(program) ? modified : READERS.has(program) ? read : named).push(path);
    }
  }
  const patched = command.includes('*** Begin Patch') ? patchPaths(command).modified : [];
  return { read, modified: [...modified, ...patched], named };
}

/** The part of a word that may be a path: it has a slash or a dot. `--file=x`, `@x` (curl) and `HEAD:x` (git) hold one. */
function pathOf(word: string): string | undefined {
  const path = word
    .replace(/^-{0,2}[\w-]{0,64}=/, '')
    .replace(/^@/, '')
    .replace(/^[\w~^/-]{1,64}:(?!\/\/)/, '');
  if (path === '' || path.includes('://') || path.startsWith('-') || !/[./]/.test(path)) return undefined;
  return /^(?:\d+(?:\.\d+)*|\.{1,3}|\/)$/.test(path) ? undefined : path;
}

/** Splits a command as a shell would, well enough: quotes, escapes, operators, redirections. */
function wordsOf(command: string): Word[] {
  const words: Word[] = [];
  let word = '';
  let quote = '';
  const flush = () => {
    if (word !== '') words.push({ text: word, isSign: false });
    word = '';
  };
  for (let at = 0; at < command.length; at += 1) {
    const character = command.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
      // A command within quotes (`bash -c "cat .env"`) has words of its own.
      else if (/\s/.test(character)) flush();
      else word += character;
    } else if (character === '\\') {
      at += 1;
      word += command.charAt(at).trim();
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '`' || character === '$') {
      if (command.charAt(at + 1) !== '(' && character === '$') word += character;
      else flush();
    } else if (character === '<' || character === '>' || OPERATORS.has(character)) {
      flush();
      if (words.at(-1)?.text !== character) words.push({ text: character, isSign: true });
    } else if (/\s/.test(character)) flush();
    else word += character;
  }
  flush();
  return words;
}
