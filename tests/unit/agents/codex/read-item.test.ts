import { describe, expect, it } from 'vitest';
import { readApproval } from '../../../../src/infrastructure/agents/codex/approvals.js';
import { toolOf, toolResultOf } from '../../../../src/infrastructure/agents/codex/read-item.js';
import { withoutShell } from '../../../../src/infrastructure/agents/codex/shell-word.js';

const CHANGES = {
  type: 'fileChange',
  id: 'call-1',
  status: 'completed',
  changes: [
    { path: '/w/new.txt', kind: { type: 'add' }, diff: 'one\ntwo\n' },
    { path: '/w/gone.txt', kind: { type: 'delete' }, diff: 'old\n' },
    {
      path: '/w/a.txt',
      kind: { type: 'update', move_path: '/w/b.txt' },
      diff: '@@ -1,2 +1,2 @@\n same\n-before\n+after\n',
    },
    { path: 7 },
  ],
};

describe('an item of Codex', () => {
  it('that changes files gives their diffs, and the patch that the hooks tell of', () => {
    expect(toolOf(CHANGES)).toEqual({
      name: 'apply_patch',
      title: '/w/new.txt, /w/gone.txt, /w/a.txt',
      input: {
        command: [
          '*** Begin Patch',
          '*** Add File: /w/new.txt',
          '+one',
          '+two',
          '*** Delete File: /w/gone.txt',
          '*** Update File: /w/a.txt',
          '*** Move to: /w/b.txt',
          '@@ -1,2 +1,2 @@',
          ' same',
          '-before',
          '+after',
          '*** End Patch',
        ].join('\n'),
      },
    });
    expect(toolResultOf(CHANGES)).toEqual({
      outcome: 'done',
      output: '',
      diffs: [
        { path: '/w/new.txt', before: null, after: 'one\ntwo\n' },
        { path: '/w/gone.txt', before: 'old\n', after: null },
        { path: '/w/b.txt', before: 'same\nbefore\n', after: 'same\nafter\n' },
      ],
    });
    expect(toolResultOf({ ...CHANGES, status: 'declined' })).toMatchObject({ outcome: 'failed', diffs: [] });
  });

  it('that is a command which failed tells its exit code after its output', () => {
    const item = { type: 'commandExecution', id: 'c', status: 'failed', aggregatedOutput: 'no such file', exitCode: 2 };
    expect(toolResultOf(item)).toEqual({ outcome: 'failed', output: 'no such file\nExit code: 2', diffs: [] });
  });

  it.each([{ type: 'commandExecution' }, { type: 'fileChange', changes: 'x' }, { type: 'mcpToolCall', result: 5 }])(
    'of a shape that is not known is read as far as it goes: %j',
    (item) => {
      expect(toolOf({ id: 'x', ...item })).not.toBeNull();
      expect(toolResultOf({ id: 'x', ...item })).toMatchObject({ output: '' });
    },
  );
});

describe('a command', () => {
  it.each([
    ["/bin/bash -lc 'echo hi'", 'echo hi'],
    [`bash -c "echo \\"a\\" \\$b 'c'"`, `echo "a" $b 'c'`],
    ["/bin/zsh -lc 'it'\\''s'", "it's"],
    ['/bin/sh -c ls', 'ls'],
    ['ls -l', 'ls -l'],
    ["bash -lc 'a' b", "bash -lc 'a' b"],
    ["bash -lc 'open", "bash -lc 'open"],
  ])('%s was asked for as %s', (command, asked) => {
    expect(withoutShell(command)).toBe(asked);
  });
});

describe('a request for leave', () => {
  it('to change files tells the changes of its item', () => {
    const tool = toolOf(CHANGES) ?? undefined;
    const approval = readApproval('item/fileChange/requestApproval', { itemId: 'call-1' }, () => tool);
    expect(approval?.request).toMatchObject({ toolUseId: 'call-1', tool: 'apply_patch', input: tool?.input });
  });

  it('by the older names is answered in their words', () => {
    const exec = readApproval(
      'execCommandApproval',
      { callId: 'c', command: ['bash', '-lc', 'rm x'], reason: null },
      () => undefined,
    );
    expect(exec?.request).toEqual({ toolUseId: 'c', tool: 'Bash', input: { command: 'rm x' }, title: 'rm x' });
    expect(exec?.answer({ behavior: 'allow', always: true })).toEqual({ decision: 'approved_for_session' });
    expect(exec?.answer({ behavior: 'deny', message: 'no' })).toEqual({ decision: { denied: { rejection: 'no' } } });
    const patch = readApproval('applyPatchApproval', { callId: 'c', fileChanges: { '/a': {} } }, () => undefined);
    expect(patch?.request).toMatchObject({ tool: 'apply_patch', title: '/a' });
    expect(patch?.cancelled).toEqual({ decision: 'abort' });
  });

  it('for a tool of an MCP server comes as a form', () => {
    const params = {
      serverName: 'db',
      message: 'May I?',
      _meta: { codex_approval_kind: 'mcp_tool_call', tool_name: 'q' },
    };
    const approval = readApproval('mcpServer/elicitation/request', params, () => undefined);
    expect(approval?.request).toMatchObject({ tool: 'mcp__db__q', title: 'May I?' });
    expect(approval?.answer({ behavior: 'deny', message: 'no' })).toMatchObject({ action: 'decline' });
    expect(readApproval('mcpServer/elicitation/request', { ...params, _meta: {} }, () => undefined)).toBeNull();
  });
});
