import type { ToolPaths } from './paths.js';

/** The headers of Codex's patches and of a unified diff. */
const HEADER = /^(?:\*\*\* (?:Add|Update|Delete) File: |\*\*\* Move to: |\+\+\+ b\/|--- a\/)([^\r\n\t]+)/gm;

/** The files that a patch changes. */
export function patchPaths(patch: string): ToolPaths {
  const modified = Array.from(patch.matchAll(HEADER), (match) => (match[1] ?? '').trim());
  return { read: [], modified: [...new Set(modified)], named: [] };
}
