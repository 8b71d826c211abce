import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readRegularFile } from '../../read-regular-file.js';

/** What is left out without being told: a file of rules may name it with `!`, except for `.git`. */
const DEFAULTS = new Set(['node_modules', 'dist']);
/** Largest file of rules, in bytes; a longer one is not read. */
export const MAX_RULES_BYTES = 262_144;
/** Most rules of one file, and characters of one rule. */
const MAX_RULES = 5_000;
const MAX_RULE_LENGTH = 1_024;
/** Stars between two slashes, and `**` of one rule. A rule becomes a regular expression: with many it takes for ever. */
const MAX_STARS = 3;
const MAX_DOUBLE_STARS = 3;
/** Tests after which a tester starts afresh, because it remembers every one. */
const MAX_REMEMBERED = 4_096;

/** The rules of `.gitignore` files. The nearest one that has something to say about a path decides, as in git. */
export class IgnoreRules {
  /** By directory, relative to the workspace; '' is the workspace itself. */
  readonly #testers = new Map<string, Tester>();
  /** Of the directories above the workspace that belong to its repository, nearest first. */
  readonly #outer: { readonly prefix: string; readonly tester: Tester }[] = [];

  /** Rules of the directories above, up to the top of the repository. They do not apply where they leave out it all. */
  static async around(root: string): Promise<IgnoreRules> {
    const rules = new IgnoreRules();
    let at = root;
    while (!(await isTop(at))) {
      const up = dirname(at);
      // No repository above: nothing there is about this directory.
      if (up === at) return new IgnoreRules();
      const text = await readRegularFile(join(up, '.gitignore'), MAX_RULES_BYTES);
      const prefix = relative(up, root).split(sep).join('/');
      if (text !== null) rules.#outer.push({ prefix: `${prefix}/`, tester: new Tester(text) });
      at = up;
    }
    return rules.#outer.some(({ prefix, tester }) => tester.test(prefix).ignored) ? new IgnoreRules() : rules;
  }

  /** Takes the text of a directory's `.gitignore`; null when it has none. */
  set(directory: string, text: string | null): void {
    if (text === null) this.#testers.delete(directory);
    else this.#testers.set(directory, new Tester(text));
  }

  /** Whether a path is left out, given that the directory that it is in is not. */
  ignores(path: string, isDirectory: boolean): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === '.git') return true;
    const full = isDirectory ? `${path}/` : path;
    for (let slash = path.lastIndexOf('/'); ; slash = path.lastIndexOf('/', slash - 1)) {
      const verdict = this.#testers.get(slash < 0 ? '' : path.slice(0, slash))?.test(full.slice(slash + 1));
      if (verdict?.ignored === true) return true;
      if (verdict?.unignored === true) return false;
      // lastIndexOf looks at 0 for every place below.
      if (slash <= 0) break;
    }
    for (const { prefix, tester } of this.#outer) {
      const verdict = tester.test(prefix + full);
      if (verdict.ignored) return true;
      if (verdict.unignored) return false;
    }
    return DEFAULTS.has(name);
  }
}

/** The rules of one file. */
class Tester {
  readonly #rules: string[];
  #ignore: Ignore;
  #tests = 0;

  constructor(text: string) {
    this.#rules = text.split(/\r?\n/, MAX_RULES).filter(isQuick);
    this.#ignore = this.#make();
  }

  test(path: string): { readonly ignored: boolean; readonly unignored: boolean } {
    this.#tests += 1;
    if (this.#tests > MAX_REMEMBERED) {
      this.#tests = 0;
      this.#ignore = this.#make();
    }
    return this.#ignore.test(path);
  }

  #make(): Ignore {
    return ignore({ ignorecase: process.platform !== 'linux' }).add(this.#rules);
  }
}

function isQuick(rule: string): boolean {
  if (rule.length > MAX_RULE_LENGTH) return false;
  const parts = rule.split('/');
  const doubles = parts.filter((part) => part === '**').length;
  return doubles <= MAX_DOUBLE_STARS && parts.every((part) => part.split('*').length - 1 <= MAX_STARS);
}

async function isTop(directory: string): Promise<boolean> {
  return lstat(join(directory, '.git')).then(
    () => true,
    () => false,
  );
}
