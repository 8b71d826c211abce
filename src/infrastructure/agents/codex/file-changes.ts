import { z } from 'zod';
import type { FileDiff } from '../../../application/ports/agent-update.js';

/** `diff` is the whole text of a file that is new or gone, and a unified diff of one that is changed. */
const FileChange = z.object({
  path: z.string(),
  kind: z.object({ type: z.string(), move_path: z.string().nullish() }).catch({ type: 'update' }),
  diff: z.string().catch(''),
});
type FileChange = z.infer<typeof FileChange>;

/** Those that can be read of what a file change item holds. */
export function readChanges(changes: unknown): readonly FileChange[] {
  if (!Array.isArray(changes)) return [];
  return changes.flatMap((change: unknown) => {
    const { success, data } = FileChange.safeParse(change);
    return success ? [data] : [];
  });
}

/** The changes before and after. Of a changed file only what the diff shows: Codex does not tell the rest. */
export function diffsOf(changes: readonly FileChange[]): readonly FileDiff[] {
  return changes.map(({ path, kind, diff }) => {
    switch (kind.type) {
      case 'add':
        return { path, before: null, after: diff };
      case 'delete':
        return { path, before: diff, after: null };
      default:
        return { path: kind.move_path ?? path, before: side(diff, '-'), after: side(diff, '+') };
    }
  });
}

function side(diff: string, sign: '-' | '+'): string {
  const lines = diff.split('\n').filter((line) => !/^(?:---|\+\+\+) /.test(line));
  const kept = lines.filter((line) => line.startsWith(sign) || line.startsWith(' '));
  return kept.map((line) => `${line.slice(1)}\n`).join('');
}

/** The changes as the patch that the hooks tell of. */
export function patchOf(changes: readonly FileChange[]): string {
  return ['*** Begin Patch', ...changes.map(section), '*** End Patch'].join('\n');
}

function section({ path, kind, diff }: FileChange): string {
  const text = diff.endsWith('\n') ? diff.slice(0, -1) : diff;
  switch (kind.type) {
    case 'add':
      return [`*** Add File: ${path}`, ...text.split('\n').map((line) => `+${line}`)].join('\n');
    case 'delete':
      return `*** Delete File: ${path}`;
    default: {
      const move = kind.move_path === undefined || kind.move_path === null ? [] : [`*** Move to: ${kind.move_path}`];
      return [`*** Update File: ${path}`, ...move, text].join('\n');
    }
  }
}
