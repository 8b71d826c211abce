import { describe, expect, it } from 'vitest';
import { readCodexEntries } from '../../../src/infrastructure/transcripts/codex-entry.js';
import { CODEX_SESSION, CODEX_TURN, codexRollout, writtenAt } from '../../support/agent-lines.js';

function item(payload: object, type = 'response_item') {
  return readCodexEntries({ timestamp: '2026-11-28T07:56:01.000Z', type, payload }, CODEX_SESSION);
}

function result(output: unknown) {
  return item({ type: 'function_call_output', call_id: 'c1', output })?.[0]?.results[0];
}

describe('a line of a rollout of Codex', () => {
  it('tells a turn: prompt, calls as hooks name them, results without frame, last words', () => {
    const lines = codexRollout('Look.', [{ id: 'c1', command: 'ls', output: 'bad\n', code: 3 }], 'Done.');
    const entries = lines.flatMap((line) => readCodexEntries(JSON.parse(line), CODEX_SESSION) ?? []);
    expect(entries).toMatchObject([
      { by: 'user', words: 'Look.', turn: CODEX_TURN, at: writtenAt(3) },
      { by: 'assistant', calls: [{ id: 'c1', name: 'Bash', input: { command: 'ls' } }], turn: CODEX_TURN },
      { by: 'user', words: null, results: [{ id: 'c1', outcome: 'failed', text: 'bad\n' }] },
      { by: 'assistant', words: 'Done.', turn: CODEX_TURN },
    ]);
  });

  it('tells calls of every kind', () => {
    const called = (payload: object) => item({ call_id: 'c1', ...payload })?.[0]?.calls[0];
    const shell = { command: ['bash', '-lc', 'ls -l'] };
    expect(called({ type: 'function_call', name: 'shell', arguments: JSON.stringify(shell) })).toMatchObject({
      name: 'Bash',
      input: { command: 'ls -l' },
    });
    expect(called({ type: 'local_shell_call', action: { command: ['ls', '-l'] } })).toMatchObject({
      input: { command: 'ls -l' },
    });
    expect(called({ type: 'custom_tool_call', name: 'apply_patch', input: '*** Begin' })).toMatchObject({
      name: 'apply_patch',
      input: { command: '*** Begin' },
    });
    const mcp = { type: 'function_call', namespace: 'mcp__probe__', name: 'ping', arguments: '{"text":"x"}' };
    expect(called(mcp)).toMatchObject({ name: 'mcp__probe__ping', input: { text: 'x' } });
    expect(called({ type: 'function_call', name: 'update_plan', arguments: '{half' })).toMatchObject({
      input: '{half',
    });
    expect(called({ type: 'function_call', name: 'write_stdin', arguments: '{}' })).toBeUndefined();
  });

  it('tells results of older versions', () => {
    const old = JSON.stringify({ output: 'no\n', metadata: { exit_code: 2 } });
    expect(result(old)).toMatchObject({ outcome: 'failed', text: 'no\n' });
    expect(result({ content: 'no', success: false })).toMatchObject({ outcome: 'failed', text: 'no' });
    expect(result([{ type: 'input_text', text: 'a' }])).toMatchObject({ outcome: 'done', text: 'a' });
    expect(result('Exit code: 7 is what it says')).toMatchObject({ outcome: 'done' });
    expect(item({ type: 'user_message', message: 'Old.' }, 'event_msg')).toMatchObject([{ words: 'Old.', turn: null }]);
  });

  it('tells nothing of the turns of the session that it was forked from', () => {
    const lines = codexRollout(
      'Old.',
      [{ id: 'c1', command: 'ls', output: '' }],
      'Done.',
      '01a22120-6cb3-7d52-a9ff-fb225e24c8a3',
    );
    expect(lines.flatMap((line) => readCodexEntries(JSON.parse(line), CODEX_SESSION))).toEqual([]);
  });

  it.each([[undefined], [null], [7], ['text'], [[]], [{}], [{ type: 7, payload: {} }], [{ type: 'x' }]])(
    '%j is none',
    (line) => {
      expect(readCodexEntries(line, CODEX_SESSION)).toBeUndefined();
    },
  );

  it.each([
    { type: 'function_call', call_id: 7, name: {} },
    { type: 'function_call', call_id: 'c', name: 7, arguments: 7 },
    { type: 'item_completed', item: { type: 'Other', content: 7 } },
    { type: 'compacted', replacement_history: [] },
  ])('with other types than it should have, tells nothing: %j', (payload) => {
    expect(item(payload)).toEqual([]);
    expect(item(payload, 'event_msg')).toEqual([]);
  });
});
