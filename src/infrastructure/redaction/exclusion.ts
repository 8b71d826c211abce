import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { IsExcluded } from '../../application/ports/is-excluded.js';

const TOOL = 'tool:';
/** Excluding too much is the lesser mistake: case counts nowhere, and a dot is a letter like others. */
const OPTIONS = { dot: true, nocase: true } as const;

/**
 * Compiles `memory.exclude`. A pattern that begins with `tool:` is for names of tools; any other is for paths, and
 * excludes a folder with all that is in it. Without a slash it fits a name at any depth; `~/` fits in any home.
 */
export function compileExclusion(patterns: readonly string[]): IsExcluded {
  const tools = patterns.filter((pattern) => pattern.startsWith(TOOL)).map((pattern) => pattern.slice(TOOL.length));
  const paths = patterns.filter((pattern) => !pattern.startsWith(TOOL)).map(anywhere);
  const fitsTool = tools.length === 0 ? () => false : picomatch(tools, OPTIONS);
  const fitsPath = paths.length === 0 ? () => false : picomatch(paths, OPTIONS);
  return ({ toolName, paths: touched, cwd }) =>
    fitsTool(toolName) || touched.some((path) => withParents(normal(path, cwd)).some((part) => fitsPath(part)));
}

function anywhere(pattern: string): string {
  const slashed = pattern.replace(/^~\//, '**/').replace(/\/+$/, '');
  return slashed.includes('/') ? slashed : `**/${slashed}`;
}

function normal(path: string, cwd: string | undefined): string {
  const slashed = path.replaceAll('\\', '/').replace(/^~\//, '');
  const isAbsolute = slashed.startsWith('/') || /^[A-Za-z]:\//.test(slashed);
  return posix.normalize(isAbsolute || cwd === undefined ? slashed : `${cwd.replaceAll('\\', '/')}/${slashed}`);
}

/** `a/b/c`, `a/b`, `a`. */
function withParents(path: string): string[] {
  const all: string[] = [];
  for (let part = path; part !== '' && part !== '/' && part !== '.'; part = posix.dirname(part)) all.push(part);
  return all;
}
