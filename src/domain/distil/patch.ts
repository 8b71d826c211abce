import type { EditedFile } from './action.js';
import { distinct } from './excerpt.js';
import { definedNames } from './touched-names.js';

/** Most files of one patch, and characters of it that are looked at. */
const MOST_FILES = 50;
const MOST_READ = 100_000;

const CHANGES = { Add: 'made', Update: 'changed', Delete: 'removed' } as const;

/** Reads a patch: that of Codex ("*** Update File: a.ts") or a unified diff. */
export function readPatch(patch: string): EditedFile[] {
  const files: (Omit<EditedFile, 'names'> & { lines: string[]; heads: string[] })[] = [];
  let isOldMissing = false;
  for (const line of patch.slice(0, MOST_READ).split('\n')) {
    const [, verb, path] = /^\*\*\* (Add|Update|Delete) File: (.+)$/u.exec(line) ?? [];
    const last = files.at(-1);
    if (files.length > MOST_FILES) break;
    if (path !== undefined) {
      files.push({ path: path.trim(), change: CHANGES[verb as keyof typeof CHANGES], lines: [], heads: [] });
    } else if (line.startsWith('--- ')) isOldMissing = line.startsWith('--- /dev/null');
    else if (line.startsWith('+++ ')) {
      const name = line.slice(4).split('\t', 1)[0] ?? '';
      if (name !== '/dev/null') {
        files.push({
          path: name.replace(/^b\//u, ''),
          change: isOldMissing ? 'made' : 'changed',
          lines: [],
          heads: [],
        });
      }
    } else if (line.startsWith('@@')) last?.heads.push(line.slice(0, 300).replace(/^@@(?:.*@@)? ?/u, ''));
    else if (/^[+-]/u.test(line)) last?.lines.push(line.slice(1));
  }
  return files.map(({ lines, heads, ...file }) => {
    const names = definedNames(lines);
    return { ...file, names: names.length > 0 ? names : distinct(definedNames(heads)) };
  });
}
