import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { resultTurn } from '../../../src/infrastructure/agents/claude/turn-ends.js';
import { createTurnReader, type TurnReader } from '../../../src/infrastructure/agents/claude/turn-reader.js';
import { KIT_FIXTURES, needsKit } from '../../support/kit.js';

/** What an agent said in a recording, with the turns of ours in between as null. */
function recording(name: string): (object | null)[] {
  return readFileSync(join(KIT_FIXTURES, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line): (object | null)[] => {
      const parsed = JSON.parse(line) as { dir?: string; msg?: { type?: string } };
      if (parsed.dir === undefined) return [parsed];
      if (parsed.dir === 'from_claude') return [parsed.msg ?? {}];
      return parsed.msg?.type === 'user' ? [null] : [];
    });
}

interface ReadTurn {
  readonly reader: TurnReader;
  readonly updates: AgentUpdate[];
  readonly refused: string[];
}

function turnsOf(name: string): ReadTurn[] {
  const turns: ReadTurn[] = [];
  const begin = () => {
    const turn = { reader: createTurnReader(), updates: [], refused: [] };
    turns.push(turn);
    return turn;
  };
  let turn: ReadTurn | null = null;
  const messages = recording(name);
  // What comes before the first prompt is the greeting.
  for (const message of messages.slice(Math.max(0, messages.indexOf(null)))) {
    if (message === null) {
      turn = begin();
      continue;
    }
    turn ??= begin();
    const heard = turn.reader.read(message);
    turn.updates.push(...heard.updates);
    if (heard.refuse !== undefined) turn.refused.push(heard.refuse);
  }
  return turns;
}

const texts = (updates: readonly AgentUpdate[]) =>
  updates.flatMap((update) => (update.type === 'text' ? [update.text] : []));
const kinds = (updates: readonly AgentUpdate[]) =>
  updates.flatMap((update) => (update.type === 'unknown' ? [update.kind] : []));
const endOf = ({ reader }: ReadTurn) => {
  const result = reader.result();
  return result === null ? null : resultTurn('claude', result, reader.resetsAt()).at(-1);
};

describe.each(['claude-2.1.197', 'claude-2.1.328'])('the recordings of %s', (version) => {
  it('tell a turn with a tool that is allowed, one that is denied, an interrupt and a follow-up', ({ skip }) => {
    needsKit(skip);
    const [first, second, third, fourth] = turnsOf(`${version}/stream-json-control.wire.jsonl`) as [
      ReadTurn,
      ReadTurn,
      ReadTurn,
      ReadTurn,
    ];
    expect(first.updates.filter(({ type }) => type !== 'unknown')).toMatchObject([
      { type: 'tool_call', name: 'Write', title: '$WORK/a.txt', subagent: null },
      { type: 'permission', request: { tool: 'Write', toolUseId: expect.stringMatching(/^toolu_/) as string } },
      { type: 'tool_result', outcome: 'done', diffs: [{ path: '$WORK/a.txt', before: null, after: 'a\n' }] },
      { type: 'text', text: 'First done.' },
      { type: 'usage', usage: { inputTokens: 200, outputTokens: 40, costUsd: expect.any(Number) as unknown } },
    ]);
    expect(first.reader.state()).toBe('over');
    expect(endOf(first)).toMatchObject({ end: { outcome: 'completed', result: { text: 'First done.', bytes: 11 } } });
    expect(second.updates).toContainEqual(
      expect.objectContaining({ type: 'tool_result', outcome: 'failed', output: 'denied by driver' }),
    );
    // Cumulative: the figures of the first turn are in it.
    expect(second.updates.at(-1)).toMatchObject({ type: 'usage', usage: { inputTokens: 400, outputTokens: 80 } });
    expect(second.refused).toHaveLength(1);
    expect(third.reader.result()).toMatchObject({ subtype: 'error_during_execution' });
    expect(endOf(third)).toMatchObject({ end: { outcome: 'failed', error: { code: 'failed' } } });
    expect(endOf(fourth)).toMatchObject({ end: { outcome: 'completed', result: { text: 'Fourth ok.' } } });
  });

  it('hold nothing that this version does not know', ({ skip }) => {
    needsKit(skip);
    const files = readdirSync(join(KIT_FIXTURES, version)).filter((name) => /\.(?:stream|wire)\.jsonl$/.test(name));
    const unknown = files
      .filter((name) => !name.startsWith('mcp-stdio'))
      .flatMap((name) => turnsOf(`${version}/${name}`).flatMap(({ updates }) => kinds(updates)));
    // Requests of a client that brings hooks and MCP servers of its own, which we do not.
    const theirs = new Set(['control_request/hook_callback', 'control_request/mcp_message']);
    expect(unknown.filter((kind) => !theirs.has(kind))).toEqual([]);
  });

  it('tell whose tool use it is, and end a turn only when its subagents have ended', ({ skip }) => {
    needsKit(skip);
    const messages = recording(`${version}/hooks-run.stream.jsonl`);
    const reader = createTurnReader();
    const updates: AgentUpdate[] = [];
    let read = 0;
    for (const message of messages) {
      read += 1;
      updates.push(...reader.read(message).updates);
      if (reader.state() === 'over') break;
    }
    expect(read).toBe(messages.length);
    const calls = updates.filter((update) => update.type === 'tool_call');
    expect(calls.filter(({ subagent }) => subagent !== null)).toMatchObject([
      { name: 'Bash', input: { command: 'echo from-subagent' }, subagent: expect.stringMatching(/^toolu_/) as string },
    ]);
    expect(texts(updates).join('')).not.toContain('sub runs');
    expect(updates).toContainEqual(expect.objectContaining({ type: 'tool_result', outcome: 'failed' }));
  });
});

describe('the recordings of API failures', () => {
  it('tell a try again as progress, and a failure that is named a success as a failure', ({ skip }) => {
    needsKit(skip);
    const [turn] = turnsOf('claude-2.1.197/api-529.stream.jsonl') as [ReadTurn];
    expect(turn.updates[0]).toMatchObject({ type: 'progress', message: 'model: overloaded, try 1 of 10' });
    expect(endOf(turn)).toMatchObject({ end: { outcome: 'completed' } });
    const [long] = turnsOf('claude-2.1.197/api-400-too-long.stream.jsonl') as [ReadTurn];
    expect(endOf(long)).toMatchObject({ end: { outcome: 'failed', error: { code: 'usage' } } });
  });
});

describe('a limit', () => {
  it('is told with the time of its reset, and ends the turn as such', () => {
    const reader = createTurnReader();
    const rejected = { status: 'rejected', resetsAt: 1_800_000_000, rateLimitType: 'five_hour' };
    expect(reader.read({ type: 'rate_limit_event', rate_limit_info: { status: 'allowed' } }).updates).toEqual([]);
    expect(reader.read({ type: 'rate_limit_event', rate_limit_info: rejected }).updates).toMatchObject([
      { type: 'rate_limit', resetsAt: 1_800_000_000_000 },
    ]);
    const message = 'You have hit your limit';
    reader.read({ type: 'result', subtype: 'success', is_error: true, api_error_status: 429, result: message });
    const result = reader.result();
    expect(result === null ? [] : resultTurn('claude', result, reader.resetsAt())).toMatchObject([
      { end: { outcome: 'failed', error: { code: 'rate_limited' }, resetsAt: 1_800_000_000_000 } },
    ]);
  });
});

it('takes whatever else it is given for unknown', () => {
  const reader = createTurnReader();
  for (const message of [
    undefined,
    null,
    3,
    'text',
    [],
    {},
    { type: 'assistant' },
    { type: 'result', modelUsage: 3 },
  ]) {
    expect(() => reader.read(message)).not.toThrow();
  }
  expect(reader.read(undefined).updates).toEqual([{ type: 'unknown', kind: 'no JSON' }]);
  expect(reader.read({ type: 'from_the_future' }).updates).toEqual([{ type: 'unknown', kind: 'from_the_future' }]);
});
