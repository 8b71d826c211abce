import type { ToolUse } from '../../../../src/domain/session/tool-use.js';
import { NOW, SESSION } from '../../../support/storage-samples.js';

export const ROOT = '/work/app';

type Made = Omit<ToolUse, 'toolUseId' | 'at'>;

/** A tool use of a table: what it was asked and what it answered; ids are given by place. */
export function use(
  name: string,
  input: object | string,
  result: object | string = '',
  more: Partial<ToolUse> = {},
): Made {
  return {
    sessionId: SESSION,
    turn: 'turn-1',
    subagent: null,
    name,
    outcome: 'done',
    via: 'hook',
    cwd: ROOT,
    durationMs: 10,
    input: typeof input === 'string' ? input : JSON.stringify(input),
    result: typeof result === 'string' ? result : JSON.stringify(result),
    inputOmitted: 0,
    resultOmitted: 0,
    distilledAt: null,
    ...more,
  };
}

/** Gives the uses of a table ids and times in their order. */
export function numbered(uses: readonly Made[]): ToolUse[] {
  return uses.map((made, at) => ({ ...made, toolUseId: `t${at + 1}`, at: NOW + at }));
}

/** Claude's Bash: streams when it went well, a text with the exit code when not. */
export function bash(command: string, stdout = '', exitCode = 0): Made {
  if (exitCode !== 0) return use('Bash', { command }, `Exit code ${exitCode}\n${stdout}`, { outcome: 'failed' });
  return use('Bash', { command, description: 'x' }, { stdout, stderr: '', interrupted: false, isImage: false });
}

export function edit(path: string, oldString: string, newString: string): Made {
  const file = `${ROOT}/${path}`;
  return use(
    'Edit',
    { file_path: file, old_string: oldString, new_string: newString },
    { filePath: file, structuredPatch: [] },
  );
}

export function write(path: string, content: string, type: 'create' | 'update' = 'create'): Made {
  const file = `${ROOT}/${path}`;
  return use('Write', { file_path: file, content }, { type, filePath: file, content, structuredPatch: [] });
}

export function read(path: string): Made {
  const file = `${ROOT}/${path}`;
  return use('Read', { file_path: file }, { type: 'text', file: { filePath: file, content: 'x', numLines: 1 } });
}

export function grep(pattern: string): Made {
  return use('Grep', { pattern, output_mode: 'files_with_matches' }, { mode: 'files_with_matches', filenames: [] });
}
