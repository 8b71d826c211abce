import { beforeEach, describe, expect, it } from 'vitest';
import type { Captured } from '../../../src/interfaces/hooks/captured.js';
import { readHook } from '../../../src/interfaces/hooks/read-hook.js';
import { recordedHooks } from '../../support/hooks/hook-fixtures.js';
import { needsKit } from '../../support/kit.js';

const RECORDED = recordedHooks('/work', '/home/me');

function readAll(file: string): (Captured | undefined)[] {
  return RECORDED.filter((hook) => hook.file === file).map(({ name, body }) =>
    readHook({ name, body, source: null, at: undefined, id: null }),
  );
}

/** One line for what a hook told, `-` for what is not remembered, `?` for what nobody knows. */
function inShort(captured: Captured | undefined): string {
  switch (captured?.kind) {
    case undefined:
      return '?';
    case 'nothing':
      return '-';
    case 'start':
      return captured.continues ? 'goes on' : 'starts';
    case 'prompt':
      return `${captured.who}: ${captured.text.slice(0, 24)}`;
    case 'answer':
      return `answer: ${captured.text.slice(0, 20)}`;
    case 'tool-use': {
      const { name, outcome, subagent, result } = captured.toolUse;
      return `${name} ${outcome}${subagent ? ' by a subagent' : ''}: ${result.slice(0, 22)}`;
    }
    case 'end':
      return 'ends';
  }
}

const known = (file: string) =>
  readAll(file)
    .map(inShort)
    .filter((line) => line !== '?' && line !== '-');

describe('the recorded hooks', () => {
  beforeEach(({ skip }) => needsKit(skip));

  it('of Claude Code tell a whole run, with a subagent in the background, a resume and a compaction', () => {
    expect(known('claude-2.1.328/hooks.stdin.jsonl')).toEqual([
      'starts',
      'user: main prompt: please do t',
      'Bash done: hello-from-tool',
      'Write done: {"type":"create","file',
      'Bash failed: Exit code 3\nbad',
      'TaskCreate done: {"task":{"id":"1","sub',
      'Agent done: {"isAsync":true,"statu',
      'answer: All done. Last: Asyn',
      'Bash done by a subagent: from-subagent',
      'system: <task-notification>\n<tas',
      'answer: spare 1',
      'ends',
      'starts',
      'goes on',
      'ends',
      'starts',
      'user: after compact',
      'answer: spare 2',
      'ends',
    ]);
  });

  it('of Claude Code tell of a failed API call after the end', () => {
    expect(known('claude-2.1.197/api-400.hooks.stdin.jsonl')).toEqual([
      'starts',
      'user: bad',
      'ends',
      'answer: API Error: 400 scrip',
    ]);
  });

  it('of Codex tell the same in other words', () => {
    const read = readAll('codex-0.169.0/hooks.stdin.jsonl');
    expect(read.map(inShort).filter((line) => line !== '-')).toEqual([
      'starts',
      'user: do the scripted things',
      'Bash done: hello-from-tool\n',
      'Bash done: ',
      'Bash done: bad\n',
      'mcp__probe__ping done: pong:from-model',
      'answer: All done. Last: Wall',
      'ends',
    ]);
    const turns = read.flatMap((one) => (one?.kind === 'prompt' || one?.kind === 'answer' ? [one.turn] : []));
    expect(new Set(turns)).toEqual(new Set(['01a1f847-c371-7030-ab01-fd0d25cf51e7']));
    expect(read[0]).toMatchObject({ session: { source: 'codex', cwd: '/work' } });
  });

  it('of Gemini tell it without ids, which are made of what they say and when', () => {
    const read = readAll('gemini-0.61.0/hooks.stdin.jsonl');
    expect(read.map(inShort).filter((line) => line !== '-' && line !== '?')).toEqual([
      'starts',
      'user: do the scripted things',
      'run_shell_command done: Output: hello-from-too',
      'write_file done: Successfully created a',
      'run_shell_command failed: Output: bad\nExit Code:',
      'mcp_probe_ping done: pong:from-model',
      'answer: First a command. \nAl',
      'ends',
    ]);
    const ids = read.flatMap((one) => (one?.kind === 'tool-use' ? [one.toolUse.toolUseId] : []));
    expect(new Set(ids).size).toBe(4);
    const again = readAll('gemini-0.61.0/hooks.stdin.jsonl');
    expect(again.flatMap((one) => (one?.kind === 'tool-use' ? [one.toolUse.toolUseId] : []))).toEqual(ids);
    expect(read.find((one) => one?.kind === 'tool-use')).toMatchObject({
      toolUse: { at: Date.parse('2026-11-20T09:28:22.521Z') },
    });
  });

  it('are all read, whatever they are', () => {
    for (const { name, body } of RECORDED) {
      expect(() => readHook({ name, body, source: null, at: undefined, id: null })).not.toThrow();
    }
  });
});

describe('a hook', () => {
  const body = { session_id: 's', cwd: '/work', prompt: 'Go.' };

  it('is of the agent that is named, of the one that it sounds like, else of Claude Code', () => {
    const sourceOf = (change: object, source: string | null = null) => {
      const read = readHook({ name: 'session-start', body: { ...body, ...change }, source, at: undefined, id: null });
      return read?.kind === 'start' ? read.session.source : undefined;
    };
    expect(sourceOf({})).toBe('claude');
    expect(sourceOf({}, 'codex')).toBe('codex');
    expect(sourceOf({}, 'somebody')).toBe('claude');
    expect(sourceOf({ transcript_path: '/home/me/.codex/sessions/x.jsonl' })).toBe('codex');
    expect(sourceOf({ transcript_path: 'C:\\Users\\me\\.gemini\\tmp\\x.json' })).toBe('gemini');
    expect(sourceOf({ timestamp: '2026-11-20T09:28:22.521Z' })).toBe('gemini');
  });

  it('is known again by the id of its delivery where its agent gives none', () => {
    const tool = { ...body, tool_name: 'Bash', tool_input: { command: 'ls' } };
    const idOf = (id: string | null) => {
      const read = readHook({ name: 'post-tool-use', body: tool, source: null, at: 5, id });
      return read?.kind === 'tool-use' ? [read.toolUse.toolUseId, read.toolUse.at] : [];
    };
    expect(idOf('one')).toEqual(idOf('one'));
    expect(idOf('one')).not.toEqual(idOf('two'));
    expect(idOf(null)).not.toEqual(idOf(null));
    expect(idOf('one')[1]).toBe(5);
  });

  it('of a command that was interrupted tells of a failure', () => {
    const tool = { ...body, tool_name: 'Bash', tool_response: { stdout: 'a', stderr: 'b', interrupted: true } };
    const read = readHook({ name: 'post-tool-use', body: tool, source: null, at: undefined, id: null });
    expect(inShort(read)).toBe('Bash failed: a\nb');
  });
});
