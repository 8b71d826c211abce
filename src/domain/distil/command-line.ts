/** One program with its words, without quotes. */
export interface SimpleCommand {
  readonly words: readonly string[];
  /** Files that its output goes to. */
  readonly writes: readonly string[];
  /** Whether the next one reads its output. */
  readonly piped: boolean;
}

/** Characters of a command line that are looked at; scripts are longer, and their first lines tell what they do. */
const MOST_READ = 4_000;
/** Shells within shells. */
const MOST_NESTED = 3;

const SHELLS = /^(?:.*\/)?(?:ba|z|da|k)?sh$/u;
const ASSIGNMENT = /^[A-Za-z_]\w*=/u;
/** What stands in front of the program that does the work; the number is of words that belong to it. */
const PREFIXES: Readonly<Record<string, number>> = {
  sudo: 0,
  time: 0,
  nohup: 0,
  exec: 0,
  command: 0,
  env: 0,
  nice: 0,
  npx: 0,
  bunx: 0,
  pnpx: 0,
  timeout: 1,
};
/** Two words that start another program. */
const RUNNERS =
  /^(?:npm exec|pnpm (?:exec|dlx)|yarn (?:exec|dlx)|uv run|poetry run|pipenv run|bundle exec|python3? -m|uv tool run|rye run|hatch run|mise exec)$/u;

/** Splits a command line at `&&`, `||`, `;`, `|` and line ends, outside of quotes; here-documents are left out. */
export function splitCommandLine(line: string, depth = 0): SimpleCommand[] {
  return split(withoutHereDocuments(line.slice(0, MOST_READ))).flatMap((command) => {
    const words = withoutPrefixes(command.words);
    const at = words.findIndex((word) => /^-\w*c$/u.test(word));
    const script = words[at + 1];
    if (depth < MOST_NESTED && SHELLS.test(words[0] ?? '') && at > 0 && script !== undefined) {
      return splitCommandLine(script, depth + 1);
    }
    return words.length === 0 && command.writes.length === 0 ? [] : [{ ...command, words }];
  });
}

function withoutHereDocuments(line: string): string {
  if (!line.includes('<<')) return line;
  return line.replace(/<<-?\s{0,3}(['"]?)([A-Za-z_]\w{0,40})\1([^\n]*)\n[\s\S]*?(?:\n\s{0,20}\2(?=\n|$)|$)/gu, '$3\n');
}

function withoutPrefixes(words: readonly string[]): string[] {
  let rest = [...words];
  for (;;) {
    const [first = '', second = ''] = rest;
    const taken = PREFIXES[first];
    if (ASSIGNMENT.test(first)) rest = rest.slice(1);
    else if (RUNNERS.test(`${first} ${second}`)) rest = withoutFlags(rest.slice(2));
    else if (taken !== undefined && rest.length > 1 + taken) rest = withoutFlags(rest.slice(1)).slice(taken);
    else return rest;
  }
}

function withoutFlags(words: readonly string[]): string[] {
  const at = words.findIndex((word) => !word.startsWith('-'));
  return at < 0 ? [] : words.slice(at);
}

function split(line: string): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: string[] = [];
  let writes: string[] = [];
  let word = '';
  let inWord = false;
  let quote = '';
  let redirects = false;

  const endWord = () => {
    if (!inWord) return;
    if (!redirects) words.push(word);
    else if (!word.startsWith('&') && !word.startsWith('/dev/')) writes.push(word);
    word = '';
    inWord = false;
    redirects = false;
  };
  const endCommand = (piped: boolean) => {
    endWord();
    redirects = false;
    if (words.length > 0 || writes.length > 0) commands.push({ words, writes, piped });
    words = [];
    writes = [];
  };

  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    const next = line.charAt(at + 1);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && '"\\$`'.includes(next)) {
        word += next;
        at += 1;
      } else word += char;
    } else if (char === '\\') {
      if (next !== '\n') word += next;
      inWord = inWord || next !== '\n';
      at += 1;
    } else if (char === '"' || char === "'") {
      quote = char;
      inWord = true;
    } else if (char === '\n' || char === ';' || char === '(' || char === ')') endCommand(false);
    else if (char === '&' && (next === '>' || word === '' || !redirects)) {
      if (next === '>') continue;
      endCommand(false);
      if (next === '&') at += 1;
    } else if (char === '|') {
      endCommand(next !== '|');
      if (next === '|' || next === '&') at += 1;
    } else if (char === '>') {
      // The number of a stream belongs to the redirection.
      if (/^\d$/u.test(word)) word = '';
      else endWord();
      inWord = false;
      redirects = true;
      if (next === '>') at += 1;
      if (line.charAt(at + 1) === '&') {
        word = '&';
        inWord = true;
        at += 1;
      }
    } else if (char === '#' && !inWord) {
      const end = line.indexOf('\n', at);
      at = end < 0 ? line.length : end - 1;
    } else if (/\s/u.test(char)) endWord();
    else {
      word += char;
      inWord = true;
    }
  }
  endCommand(false);
  return commands;
}
