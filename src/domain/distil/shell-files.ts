import type { EditedFile } from './action.js';
import type { SimpleCommand } from './command-line.js';
import { excerpt } from './excerpt.js';

/** Files that a command makes or changes. Paths with holes, such as `$file`, name nothing. */
export function writtenBy({ words, writes }: SimpleCommand, kind: string): EditedFile[] {
  const [program = '', ...rest] = words;
  const operands = rest.filter((word) => !word.startsWith('-'));
  const all: { path: string; change: EditedFile['change'] }[] = writes.map((path) => ({ path, change: 'changed' }));
  if (kind === 'write') {
    if (program === 'rm') all.push(...operands.map((path) => ({ path, change: 'removed' as const })));
    else if (program === 'mv' || program === 'cp') {
      const to = operands.at(-1);
      if (program === 'mv') all.push(...operands.slice(0, -1).map((path) => ({ path, change: 'removed' as const })));
      if (to !== undefined) all.push({ path: to, change: 'made' });
    } else if (program === 'sed' || program === 'perl')
      all.push(...operands.slice(1).map((path) => ({ path, change: 'changed' as const })));
    else if (program === 'tee' || program === 'touch')
      all.push(...operands.map((path) => ({ path, change: 'changed' as const })));
    else if (program === 'git') all.push(...operands.slice(1).map((path) => ({ path, change: 'changed' as const })));
  }
  return all.filter(({ path }) => isPath(path)).map((file) => ({ ...file, names: [] }));
}

function isPath(word: string): boolean {
  return word !== '' && word.length <= 300 && !/[`*?{}<>|]|^\$[^/]*$|^&/u.test(word);
}

/** Files and patterns that a command reads. */
export function lookedAt(words: readonly string[]): { files: string[]; searches: string[] } {
  const [program = '', ...rest] = words;
  const operands = rest.filter((word) => !word.startsWith('-'));
  if (/^(?:grep|egrep|fgrep|rg|ag|ack)$/u.test(program) || (program === 'git' && operands[0] === 'grep')) {
    const [pattern = '', ...files] = program === 'git' ? operands.slice(1) : operands;
    return { files: files.filter(isFileName), searches: pattern === '' ? [] : [excerpt(pattern, 60)] };
  }
  if (/^(?:find|fd)$/u.test(program))
    return { files: [], searches: [excerpt(rest.filter((word) => /[*.\w]/u.test(word)).join(' '), 60)] };
  if (/^(?:cat|head|tail|less|more|bat|nl|sed|wc|file|stat|xxd|hexdump|strings)$/u.test(program)) {
    return { files: (program === 'sed' ? operands.slice(1) : operands).filter(isFileName), searches: [] };
  }
  if (/^(?:jq|yq|awk|sort|diff|cmp)$/u.test(program)) return { files: operands.filter(isFileName), searches: [] };
  if (/^(?:git|gh|npm|pnpm|yarn|pip3?)$/u.test(program)) return { files: [], searches: [excerpt(words.join(' '), 60)] };
  return { files: [], searches: [] };
}

/** A name with a dot or a slash in it, and not a number of lines or a script. */
function isFileName(word: string): boolean {
  return (
    isPath(word) && /[./]/u.test(word) && !/^[\d.,]+p?$/u.test(word) && !/[\s;=$]/u.test(word.replace(/^\$\w+\//u, ''))
  );
}
