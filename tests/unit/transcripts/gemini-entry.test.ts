import { describe, expect, it } from 'vitest';
import { readGeminiEntries } from '../../../src/infrastructure/transcripts/gemini-entry.js';
import { geminiChat, geminiMessages, writtenAt } from '../../support/agent-lines.js';

const MESSAGES = geminiMessages('Look.', [{ id: 'g1', command: 'ls', output: 'bad', code: 3 }], 'Done.');

describe('a line of a chat of Gemini CLI', () => {
  it('tells a prompt, calls with what came of them, and what is said without one', () => {
    const entries = geminiChat(MESSAGES).flatMap((line) => readGeminiEntries(JSON.parse(line)) ?? []);
    expect(entries).toMatchObject([
      { by: 'user', words: 'Look.', uuid: 'm-prompt', at: writtenAt(1) },
      { by: 'assistant', words: 'I look.', calls: [] },
      {
        by: 'assistant',
        words: null,
        calls: [{ id: 'g1', name: 'run_shell_command', input: { command: 'ls' } }],
        results: [
          { id: 'g1', outcome: 'failed', text: 'Output: bad\nExit Code: 3\nProcess Group PGID: 7', at: writtenAt(2) },
        ],
      },
      { by: 'assistant', words: 'Done.' },
    ]);
  });

  it('may set many messages at once', () => {
    expect(readGeminiEntries({ $set: { messages: MESSAGES } })).toHaveLength(3);
  });

  it('tells how a call ended', () => {
    const call = (status: string) => ({ id: 'g1', name: 'x', status, resultDisplay: 'shown' });
    const ended = (status: string) => readGeminiEntries({ type: 'gemini', toolCalls: [call(status)] })?.[0]?.results[0];
    expect(ended('error')).toMatchObject({ outcome: 'failed', text: 'shown' });
    expect(ended('cancelled')).toMatchObject({ outcome: 'denied' });
    expect(ended('executing')).toBeUndefined();
  });

  it.each([[undefined], [null], [7], ['text'], [[]], [{}], [{ id: 'x' }]])('%j is none', (line) => {
    expect(readGeminiEntries(line)).toBeUndefined();
  });

  it.each([
    { type: 'info', content: 'x' },
    { $rewindTo: 'm1' },
    { $set: { messages: 7 } },
    { type: 'user', content: 7 },
    { type: 'user', content: [{ functionResponse: {} }] },
  ])('tells nothing with %j', (line) => {
    expect(readGeminiEntries(line)).toEqual([]);
  });
});
