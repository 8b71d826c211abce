import type { ToolUse } from '../session/tool-use.js';
import type { Action, EditedFile } from './action.js';
import { distinct, excerpt } from './excerpt.js';
import { readPatch } from './patch.js';
import { placePath } from './place-path.js';
import { problemOf } from './problem.js';
import { readCommand } from './read-command.js';
import { readDecision } from './read-decision.js';
import { isObject, readToolInput, type ToolInput } from './tool-input.js';
import { readToolResult, type ToolResult } from './tool-result.js';
import { definedNames, touchedNames } from './touched-names.js';

/** Names of the agents' own tools, without case, `_` and `-`, by what they do. */
const COMMANDS = new Set(
  'bash shell shellcommand runshellcommand execcommand commandexecution terminal runcommand exec localshell runterminalcmd'.split(
    ' ',
  ),
);
const EDITS = new Set(
  'edit multiedit write notebookedit replace writefile strreplaceeditor strreplacebasededittool applypatch patch filechange editfile createfile searchreplace'.split(
    ' ',
  ),
);
const READS = new Set('read readfile readmanyfiles notebookread viewimage viewfile openfile'.split(' '));
const SEARCHES = new Set('grep searchfilecontent ripgrep codesearch codebasesearch search grepsearch'.split(' '));
const PAGES = new Set('webfetch websearch googlewebsearch fetch browse'.split(' '));
const DELEGATES = new Set('task agent subagent spawnagent'.split(' '));
/** Lists of names, plans and the agents' own housekeeping. */
const QUIET = new Set(
  'ls listdirectory list glob findfiles listdir todowrite todoread writetodos updateplan taskcreate taskupdate tasklist taskget taskstop taskoutput toolsearch bashoutput killshell killbash enterplanmode skill slashcommand think writestdin listmcpresources'.split(
    ' ',
  ),
);
/** Our own memory: what is remembered of remembering would only be found again. */
const OWN_MEMORY = /(?:^|_)memory_(?:search|timeline|get|save)$/u;

/** What a tool use did: nothing that is worth a word, one thing, or, as a command line, several. */
export function readToolUse(use: ToolUse, root: string | null): Action[] {
  const name = use.name.toLowerCase().replaceAll(/[_-]/gu, '');
  const decision = readDecision(use, name);
  if (decision !== undefined) return decision === null ? [] : [decision];
  if (QUIET.has(name) || OWN_MEMORY.test(use.name)) return [];
  const input = readToolInput(use.input);
  if (COMMANDS.has(name)) return readCommand(use, commandLine(input), readToolResult(use.result), root);
  const action = readOne(use, name, input, (path) => placePath(path, use.cwd, root));
  return action === null ? [] : [action];
}

function readOne(use: ToolUse, name: string, input: ToolInput, place: (path: string) => string): Action | null {
  const common = { toolUseId: use.toolUseId, failed: use.outcome === 'failed' };
  const { failed } = common;
  const problem = () => (failed ? problemOf(readToolResult(use.result).text) : null);
  if (EDITS.has(name)) {
    const files = editedFiles(input, use.result).map((file) => ({ ...file, path: place(file.path) }));
    return files.length === 0 ? null : { kind: 'edit', ...common, files, problem: problem() };
  }
  const look = { kind: 'look', ...common, files: [], searches: [], pages: [] } as const;
  if (READS.has(name)) {
    const files = input.texts('file_path', 'filePath', 'absolute_path', 'path', 'paths', 'notebook_path', 'include');
    return files.length === 0 ? null : { ...look, files: files.map(place), problem: problem() };
  }
  if (SEARCHES.has(name)) {
    const what = input.text('pattern', 'query', 'regex') ?? '';
    return what === '' ? null : { ...look, searches: [excerpt(what, 60)], problem: problem() };
  }
  if (PAGES.has(name)) {
    const what = input.text('url', 'query', 'prompt') ?? '';
    return what === '' ? null : { ...look, pages: [excerpt(what, 120)], problem: problem() };
  }
  const result = answerOf(readToolResult(use.result));
  if (DELEGATES.has(name)) {
    const what = excerpt(input.text('description', 'prompt', 'message') ?? '', 100);
    const who = input.text('subagent_type', 'agent_type', 'agent');
    return { kind: 'delegate', ...common, what, who: who === undefined ? null : excerpt(who, 40), result };
  }
  const tool = use.name.replace(/^mcp__?/u, '').replace('__', '/');
  return { kind: 'call', ...common, tool: excerpt(tool, 80), input: excerpt(use.input, 100), result };
}

function answerOf({ text }: ToolResult): string {
  // An agent that is still at work has not answered.
  return text.startsWith('Async agent launched') ? '' : excerpt(text);
}

function commandLine(input: ToolInput): string {
  const parts = input.texts('command', 'cmd', 'script');
  if (parts.length < 2) return parts[0] ?? '';
  // Words of a program: quoted, so that they are split as they were.
  return parts.map((word) => (/^[\w./:=@%+,-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(' ');
}

/** What Claude's Write tells of a file that was not there before, and Gemini's. */
const MADE =
  /"type":\s?"create"|File created successfully|Successfully created|"exists":\s?false|"originalContent":\s?""/u;

function editedFiles(input: ToolInput, result: string): EditedFile[] {
  const patch = input.text('patch', 'input', 'patchText', 'patch_text', 'diff');
  if (patch !== undefined && /^\*\*\* |^--- |^diff /mu.test(patch)) return readPatch(patch);
  const listed = input.objects('changes');
  if (listed.length > 0) return listed.flatMap(changedFile);
  const path = input.text('file_path', 'filePath', 'absolute_path', 'path', 'notebook_path', 'target_file', 'filename');
  if (path === undefined) return [];
  const content = input.text('content', 'file_text', 'contents');
  if (content !== undefined) {
    const isNew = MADE.test(result.slice(0, 2_000));
    return [{ path, change: isNew ? 'made' : 'changed', names: definedNames(content.slice(0, 20_000).split('\n')) }];
  }
  const edits = input.objects('edits');
  const pairs =
    edits.length > 0
      ? edits
      : [
          {
            old_string: input.text('old_string', 'oldString', 'old_str'),
            new_string: input.text('new_string', 'newString', 'new_str', 'new_source'),
          },
        ];
  const names = pairs.flatMap((pair) => touchedNames(textIn(pair, 'old'), textIn(pair, 'new')));
  return [{ path, change: 'changed', names: distinct(names, 6) }];
}

function textIn(pair: Record<string, unknown>, which: 'old' | 'new'): string {
  const value = pair[`${which}_string`] ?? pair[`${which}String`] ?? pair[`${which}_str`];
  return typeof value === 'string' ? value : '';
}

/** One of Codex's `changes`: `{ path, kind: { type } | "add", diff }`. */
function changedFile(change: Record<string, unknown>): EditedFile[] {
  const { path, kind, diff } = change;
  if (typeof path !== 'string') return [];
  const type = isObject(kind) ? kind['type'] : kind;
  const lines =
    typeof diff === 'string'
      ? diff
          .split('\n')
          .filter((line) => /^[+-]/u.test(line))
          .map((line) => line.slice(1))
      : [];
  return [
    { path, change: type === 'add' ? 'made' : type === 'delete' ? 'removed' : 'changed', names: definedNames(lines) },
  ];
}
