import { expect, it } from 'vitest';
import { compareTurn } from '../../../src/application/agent/probe/compare-turn.js';
import { RECORDED_TURNS } from '../../../src/application/agent/probe/recorded-turns.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';

const NOTHING = { ended: 0, left: 0 };
const SCRIPT = { word: 'pear', command: 'echo pear', opening: 'I say.', closing: 'Said.' };
const RECORDED = RECORDED_TURNS.opencode;
const RESULT = { text: 'Said.', truncated: false, bytes: 5, exitCode: null };

const TURN = {
  session: {
    type: 'session',
    source: 'it',
    providerSessionId: 'ses_1',
    cwd: '/work',
    agentVersion: '1',
    resumed: false,
  },
  mark: { type: 'mark', mark: '{}' },
  text: { type: 'text', text: 'I say.' },
  more: { type: 'text', text: ' Now.' },
  call: {
    type: 'tool_call',
    toolUseId: 'call_1',
    name: 'bash',
    title: 'echo pear',
    input: { command: 'echo pear' },
    subagent: null,
  },
  permission: {
    type: 'permission',
    request: { requestId: '1', toolUseId: 'call_1', tool: 'bash', input: {}, title: 'echo pear' },
  },
  result: { type: 'tool_result', toolUseId: 'call_1', outcome: 'done', output: 'pear\n', diffs: [] },
  closing: { type: 'text', text: 'Said.' },
  usage: {
    type: 'usage',
    usage: { inputTokens: 9, outputTokens: 1, cachedTokens: 0, costUsd: null, model: null },
  },
  end: { type: 'turn_end', end: { outcome: 'completed', result: RESULT, receipt: NOTHING } },
} as const satisfies Record<string, AgentUpdate>;

/** What differs in a turn with these updates in place of others; null leaves one out. */
function differences(change: Partial<Record<keyof typeof TURN | 'extra', AgentUpdate | null>> = {}) {
  const updates = Object.values({ ...TURN, ...change }).filter((update) => update !== null);
  return compareTurn(updates, RECORDED, SCRIPT);
}

it('finds nothing in a turn that is as it was recorded', () => {
  expect(differences()).toEqual([]);
});

const END = TURN.end.end;
it.each([
  ['an end', { end: null }, 'The turn has no end.'],
  ['a tool use', { call: null, result: null }, 'No tool_call came, after text.'],
  ['a tool use', { call: null, result: null }, 'It does not tell that it runs "echo pear".'],
  ['a tool result', { result: null }, 'No tool_result came, after permission.'],
  ['a tool result', { result: null }, 'It does not tell what came of its tool use.'],
  ['a request for leave', { permission: null }, 'No permission came, after tool_call.'],
  ['words at the end', { closing: null }, 'No text came, after tool_result.'],
  ['figures', { usage: null }, 'It does not tell how many tokens it used.'],
  ['a conversation', { session: null }, 'It does not tell the id of its conversation.'],
] as const)('misses %s', (_, change, difference) => {
  expect(differences(change)).toContain(difference);
});

it.each([
  [{ ...TURN.end, end: { ...END, result: { ...RESULT, text: 'Else.' } } }, 'Its result is "Else." and not "Said."'],
  [{ ...TURN.end, end: { outcome: 'aborted', receipt: NOTHING } }, 'The turn was broken off.'],
  [
    {
      ...TURN.end,
      end: { outcome: 'failed', error: { code: 'crashed', message: 'It died.' }, exitCode: 1, receipt: NOTHING },
    },
    'The turn failed: It died.',
  ],
] as const satisfies readonly (readonly [AgentUpdate, string])[])('sees an end that is not as it was', (end, first) => {
  expect(differences({ end })[0]).toContain(first);
});

it('sees a tool use whose parts do not belong together', () => {
  const command = 'It does not tell that it runs "echo pear".';
  expect(differences({ call: { ...TURN.call, input: {}, title: 'bash' } })).toEqual([command]);
  const noId = { call: { ...TURN.call, toolUseId: '' }, result: { ...TURN.result, toolUseId: '' } };
  expect(differences(noId)).toEqual(['It does not tell the id of its tool use.']);
  expect(differences({ result: { ...TURN.result, toolUseId: 'other' } })).toEqual([
    'It does not tell what came of its tool use.',
  ]);
  expect(differences({ result: { ...TURN.result, outcome: 'failed', output: 'no' } })).toEqual([
    'Its command failed: "no".',
  ]);
  expect(differences({ result: { ...TURN.result, output: 'apple' } })).toEqual([
    'It does not tell what its command printed.',
  ]);
});

it('forgives an agent that has never told what its commands print', () => {
  const updates = Object.values({ ...TURN, result: { ...TURN.result, output: '' } });
  expect(compareTurn(updates, { ...RECORDED, tellsOutput: false }, SCRIPT)).toEqual([]);
});

it('names what it has not seen before, each kind once', () => {
  const unknown = { type: 'unknown', kind: 'mood' } as const;
  expect(differences({ extra: unknown })).toEqual(['A message that Codewalkers does not know came: mood.']);
  expect(compareTurn([unknown, unknown, ...Object.values(TURN)], RECORDED, SCRIPT)).toHaveLength(1);
  expect(differences({ extra: { type: 'plan', entries: [] } })).toEqual([
    'A message of the kind plan came, which was not recorded.',
  ]);
});

it('tells no endless list', () => {
  const many = Array.from({ length: 100 }, (_, n) => ({ type: 'unknown', kind: `kind ${String(n)}` }) as const);
  expect(compareTurn([...many, ...Object.values(TURN)], RECORDED, SCRIPT)).toHaveLength(20);
});
