import { excerpt } from './excerpt.js';

/** Longest subject of a commit that is kept, in characters. */
const SUBJECT_LENGTH = 100;

export interface GitStep {
  readonly facts: readonly string[];
  /** What a commit is called. */
  readonly subject: string | null;
}

/** What a git command did, by its words and its output. */
export function readGitStep(words: readonly string[], output: string, failed: boolean): GitStep {
  if (failed) return { facts: conflictsIn(output), subject: null };
  const verb = verbOf(words);
  const names = words.slice(words.indexOf(verb) + 1).filter((word) => !word.startsWith('-'));
  const facts: string[] = [];
  let subject: string | null = null;
  switch (verb) {
    case 'commit':
    case 'cherry-pick':
    case 'revert': {
      const [, branch, hash, told] = /^\[(.{1,100}?) ([0-9a-f]{7,40})\] (.*)$/mu.exec(output) ?? [];
      subject = excerpt(told ?? messageIn(words), SUBJECT_LENGTH);
      if (hash !== undefined)
        facts.push(`Committed ${hash} on ${excerpt((branch ?? '').replace(' (root-commit)', ''), 60)}: ${subject}.`);
      const size = /^ ?\d+ files? changed.*$/mu.exec(output)?.[0];
      if (size !== undefined) facts.push(`${excerpt(size, 100)}.`);
      break;
    }
    case 'checkout':
    case 'switch': {
      const isNew = words.some((word) => ['-b', '-B', '-c', '-C'].includes(word));
      const isFile = words.includes('--');
      if (names[0] !== undefined) {
        const what = isFile ? 'Took back the changes of' : isNew ? 'Started the branch' : 'Went to';
        facts.push(`${what} ${excerpt(names.at(isFile ? -1 : 0) ?? '', 100)}.`);
      }
      break;
    }
    case 'merge':
    case 'rebase':
      if (names[0] !== undefined)
        facts.push(`${verb === 'merge' ? 'Merged' : 'Rebased on'} ${excerpt(names[0], 100)}.`);
      break;
    case 'push':
      facts.push(`Pushed${names[0] === undefined ? '' : ` to ${excerpt(names.slice(0, 2).join(' '), 100)}`}.`);
      break;
    case 'tag':
      if (names[0] !== undefined) facts.push(`Tagged ${excerpt(names[0], 60)}.`);
      break;
    default:
  }
  return { facts, subject };
}

function conflictsIn(output: string): string[] {
  const files = [...output.matchAll(/^CONFLICT .*? in (\S+)$/gmu)].map(([, file = '']) => file);
  return files.length === 0 ? [] : [`Conflict in ${excerpt(files.join(', '))}.`];
}

/** The subcommand, after the options of git itself. */
function verbOf(words: readonly string[]): string {
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-C' || word === '-c') at += 1;
    else if (!word.startsWith('-')) return word;
  }
  return '';
}

function messageIn(words: readonly string[]): string {
  const at = words.findIndex((word) => /^(?:-\w*m|--message)$/u.test(word));
  const attached = words.find((word) => word.startsWith('--message='))?.slice('--message='.length);
  const message = attached ?? (at < 0 ? '' : (words[at + 1] ?? ''));
  // A message from a here-document is in the output, or nowhere.
  return message.startsWith('$(') ? '' : (message.split('\n', 1)[0] ?? '');
}
