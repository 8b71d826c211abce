import { describe, expect, it } from 'vitest';
import { readClaudeEntry } from '../../../src/infrastructure/transcripts/claude-entry.js';
import {
  asked,
  BEGUN,
  called,
  PROVIDER_SESSION,
  returned,
  said,
  transcriptOf,
} from '../../support/transcript-lines.js';

function entryOf(entry: object, sessionId = PROVIDER_SESSION) {
  const [line = ''] = transcriptOf('/work', [entry]);
  return readClaudeEntry(JSON.parse(line), sessionId);
}

function failed(content: unknown, more: object = {}) {
  return {
    type: 'user',
    message: { role: 'user', content: [{ tool_use_id: 't1', type: 'tool_result', content, is_error: true }] },
    ...more,
  };
}

describe('a line of a transcript of Claude Code', () => {
  it('tells what the user asks, in which turn and when', () => {
    expect(entryOf(asked('Fix it.', 'turn-1'))).toMatchObject({
      by: 'user',
      turn: 'turn-1',
      at: BEGUN,
      cwd: '/work',
      words: 'Fix it.',
      subagent: null,
    });
    const blocks = [
      { type: 'text', text: 'What is' },
      { type: 'image', source: {} },
      { type: 'text', text: 'this?' },
    ];
    expect(entryOf({ type: 'user', message: { content: blocks } })).toMatchObject({
      words: 'What is\nthis?',
      turn: null,
    });
  });

  it.each([
    ['a command of the program', asked('<command-name>/clear</command-name>')],
    ['the output of one', asked('<local-command-stdout>ok</local-command-stdout>')],
    ['an interruption', asked('[Request interrupted by user for tool use]')],
    ['what the program adds', { ...asked('Caveat.'), isMeta: true }],
    ['a summary', { ...asked('This session continues …'), isCompactSummary: true }],
    ["a subagent's task", { ...asked('Explore.'), isSidechain: true, agentId: 'a1' }],
  ])('takes %s for no prompt', (_what, entry) => {
    expect(entryOf(entry)).toMatchObject({ words: null });
  });

  it('tells the last words of a turn, and not those before a tool', () => {
    expect(entryOf(said('Done.'))).toMatchObject({ by: 'assistant', words: 'Done.' });
    expect(entryOf(said('First.', 'tool_use'))).toMatchObject({ words: null });
    expect(entryOf({ ...said('API Error: 500', 'stop_sequence'), isApiErrorMessage: true })).toMatchObject({
      words: null,
    });
  });

  it('tells calls of tools and what came of them, as hooks do', () => {
    expect(entryOf(called('t1', 'ls'))).toMatchObject({
      calls: [{ id: 't1', name: 'Bash', input: { command: 'ls' } }],
    });
    const [result] = entryOf(returned('t1', 'a\nb'))?.results ?? [];
    expect(result).toEqual({ id: 't1', outcome: 'done', text: 'a\nb' });
    const outcome = (entry: object) => entryOf(entry)?.results.map((one) => [one.outcome, one.text]);
    expect(outcome(failed('Exit code 1', { toolUseResult: 'Error: Exit code 1' }))).toEqual([
      ['failed', 'Exit code 1'],
    ]);
    expect(outcome(failed('No.', { toolUseResult: 'User rejected tool use' }))).toEqual([['denied', 'No.']]);
    const cut = { ...returned('t1', 'a'), toolUseResult: { stdout: 'a', interrupted: true } };
    expect(outcome(cut)).toEqual([['failed', 'a']]);
  });

  it('tells whose call it is', () => {
    expect(entryOf({ ...called('t1', 'ls'), isSidechain: true, agentId: 'a1' })).toMatchObject({ subagent: 'a1' });
  });

  it.each([
    ['a mode', { type: 'mode', mode: 'normal' }],
    ['an attachment', { type: 'attachment', attachment: { type: 'date' } }],
    ['a user without a message', { type: 'user' }],
    ['what was taken over', { ...asked('Old.'), forkedFrom: { sessionId: 'x' } }],
  ])('tells nothing when it is %s', (_what, entry) => {
    expect(entryOf(entry)).toBeNull();
  });

  it('of another session tells nothing', () => {
    expect(entryOf(asked('Old.'), 'another')).toBeNull();
  });

  it.each([[undefined], [null], [7], ['text'], [[]], [{}], [{ type: 7 }]])('%j is none', (line) => {
    expect(readClaudeEntry(line, PROVIDER_SESSION)).toBeUndefined();
  });

  it.each([
    { type: 'user', message: { content: null } },
    { type: 'user', message: { content: [null, 7, { type: 'tool_result' }, { type: 'text', text: 7 }] } },
    { type: 'assistant', message: { content: [{ type: 'tool_use', id: 7, name: {} }] } },
    { type: 'user', message: { content: 'x' }, timestamp: 'yesterday', promptId: {}, cwd: 7, uuid: null },
  ])('with other types than it should have, is read as far as it goes: %j', (line) => {
    expect(readClaudeEntry(line, PROVIDER_SESSION)).toMatchObject({ calls: [], results: [], at: null });
  });
});
