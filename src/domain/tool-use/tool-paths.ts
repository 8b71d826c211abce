import { commandPaths } from './command-paths.js';
import { patchPaths } from './patch-paths.js';
import type { ToolPaths } from './paths.js';

export interface ToolCall {
  readonly name: string;
  /** As the agent sent it; a tool that is not known, or whose input is of another shape, gives what can be told. */
  readonly input: unknown;
}

type Direction = keyof ToolPaths;

/** Lower-case names of the tools of Claude Code, Codex, Gemini and opencode. */
const DIRECTIONS = new Map<string, Direction>([
  ...['read', 'read_file', 'view', 'notebookread', 'read_many_files', 'view_image'].map(
    (name) => [name, 'read'] as const,
  ),
  ...['edit', 'write', 'multiedit', 'notebookedit', 'write_file', 'replace', 'str_replace_based_edit_tool'].map(
    (name) => [name, 'modified'] as const,
  ),
]);
const COMMANDS = new Set([
  'bash',
  'shell',
  'run_shell_command',
  'exec_command',
  'local_shell',
  'unified_exec',
  'powershell',
]);
const PATCHES = new Set(['apply_patch', 'patch']);

/** Keys under which tools name a file or folder, with any case and separators. */
const PATH_KEY =
  /^(?:(?:absolute|notebook|file|dir|directory|target|source|destination|old|new|relative)?(?:path|file|filename|dir|directory)s?|uri)$/;
/** Patterns are paths that are not known yet. (`pattern` of a text search is none.) */
const PATTERN_KEY = /^(?:glob|include|includes|includepattern)$/;
const GLOB_TOOLS = new Set(['glob', 'find_files', 'list']);
/** Bounds what one input may name; a tool that reads more is told apart by nothing. */
const MAX_PATHS = 1_000;
const MAX_PATH_LENGTH = 4_096;
/** `edits: [{ file_path }]` is the deepest that is known. */
const MAX_DEPTH = 3;

/** Which files a tool use reads, modifies or names. Never throws. */
export function toolPaths({ name, input }: ToolCall): ToolPaths {
  const tool = name.toLowerCase();
  const found: [Direction, string][] = [];
  const add = (direction: Direction, path: string) => {
    if (path !== '' && path.length <= MAX_PATH_LENGTH && found.length < MAX_PATHS) found.push([direction, path]);
  };
  const addAll = (paths: ToolPaths) => {
    for (const direction of ['read', 'modified', 'named'] as const) {
      for (const path of paths[direction]) add(direction, path);
    }
  };

  const text = textOf(input);
  if (PATCHES.has(tool)) addAll(patchPaths(text));
  else if (COMMANDS.has(tool)) addAll(commandPaths(text));
  else
    addByKey(
      input,
      (path) => add(DIRECTIONS.get(tool) ?? 'named', path),
      (pattern) => add('named', pattern),
      tool,
      MAX_DEPTH,
    );

  const only = (direction: Direction) => [...new Set(found.filter(([to]) => to === direction).map(([, path]) => path))];
  return { read: only('read'), modified: only('modified'), named: only('named') };
}

function addByKey(
  input: unknown,
  addPath: (path: string) => void,
  addPattern: (pattern: string) => void,
  tool: string,
  depth: number,
): void {
  if (depth === 0 || typeof input !== 'object' || input === null) return;
  for (const [key, value] of Object.entries(input as Record<string, unknown>)) {
    const plain = key.toLowerCase().replace(/[_-]/g, '');
    const isPattern = PATTERN_KEY.test(plain) || (plain === 'pattern' && GLOB_TOOLS.has(tool));
    const add = isPattern ? addPattern : PATH_KEY.test(plain) ? addPath : undefined;
    for (const item of Array.isArray(value) ? value.slice(0, MAX_PATHS) : [value]) {
      if (typeof item === 'string') add?.(item.replace(/^file:\/\//, ''));
      else addByKey(item, addPath, addPattern, tool, depth - 1);
    }
  }
}

/** The command or patch: a string, or under `command` (Codex: a list of words), `cmd`, `patch`, `patchText` or `input`. */
function textOf(input: unknown): string {
  if (typeof input === 'string') return input;
  if (typeof input !== 'object' || input === null) return '';
  for (const key of ['command', 'cmd', 'patch', 'patchText', 'input']) {
    const value = (input as Record<string, unknown>)[key];
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return value.filter((word) => typeof word === 'string').join('\n');
  }
  return '';
}
