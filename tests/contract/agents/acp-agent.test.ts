import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PermissionAnswer, RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import type { AcpLimits } from '../../../src/infrastructure/agents/acp/limits.js';
import { type AcpBench, conversation, ofType, openAcpBench, readTurn } from '../../support/agents/acp-bench.js';

const AGENT = fileURLToPath(new URL('../../support/agents/scripted/acp-agent.mjs', import.meta.url));
const ALLOW: PermissionAnswer = { behavior: 'allow', always: false };

/** Starts an agent that plays this; see acp-agent.mjs. */
function play(bench: AcpBench, script: object, limits: Partial<AcpLimits> = {}) {
  return bench.start([AGENT, JSON.stringify(script)], { limits });
}

function saidIn(updates: readonly AgentUpdate[]): string {
  return ofType(updates, 'text')
    .map(({ text }) => text)
    .join('');
}

/** Reads a turn and gives every question this answer. */
function turnOf(agent: RunningAgent, turn: Turn, answer: PermissionAnswer = ALLOW): Promise<AgentUpdate[]> {
  return readTurn(agent.prompt(turn), async (update) => {
    if (update.type === 'permission') await agent.answer?.(update.request.requestId, answer);
  });
}

describe('conversations', () => {
  it('share one process, and each goes on where it was', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'echo' }], [{ op: 'echo' }], [{ op: 'echo' }]] });
    const first = await turnOf(agent, bench.turn('one'));
    const other = await turnOf(agent, bench.turn('two', { conversation: conversation(2) }));
    const id = ofType(first, 'session')[0]?.providerSessionId ?? '';
    const again = { conversation: conversation(1, { providerSessionId: id }) };
    const third = await turnOf(agent, bench.turn('three', again));
    expect(ofType(other, 'session')[0]?.providerSessionId).not.toBe(id);
    expect(ofType(third, 'session')[0]).toMatchObject({ providerSessionId: id, resumed: true, agentVersion: '1.2.3' });
    const pids = [first, other, third].map((turn) => saidIn(turn).split(' ')[0]);
    expect(new Set(pids).size).toBe(1);
    expect(ofType(third, 'usage').at(-1)?.usage).toMatchObject({ inputTokens: 20, outputTokens: 4 });
  });

  it('are taken up by another process, and what it tells of the past is not told again', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'echo' }]], load: 'takes' });
    const turn = bench.turn('go on', { conversation: conversation(1, { providerSessionId: 'made-1-1' }) });
    const updates = await turnOf(agent, turn);
    expect(ofType(updates, 'session')[0]).toMatchObject({ providerSessionId: 'made-1-1', resumed: true });
    expect(saidIn(updates)).toMatch(/^\d+ go on$/);
  });

  it.each([
    ['refuses to take one up', { load: 'refuses' }, 'no such session'],
    ['cannot take one up', {}, 'it cannot take one up'],
  ])('begin anew with a hand-over, which is told, where the agent %s', async (_, change, why) => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'echo' }]], ...change });
    const turn = bench.turn('go on', { conversation: conversation(1, { providerSessionId: 'lost' }) });
    const updates = await turnOf(agent, turn);
    expect(ofType(updates, 'session')[0]).toMatchObject({ resumed: false });
    expect(ofType(updates, 'session')[0]?.providerSessionId).not.toBe('lost');
    expect(ofType(updates, 'progress')[0]?.message).toContain(why);
    expect(saidIn(updates)).toMatch(/^\d+ What was said so far\.\n\ngo on$/);
  });
});

describe('leave', () => {
  it.each([
    ['once', ALLOW],
    ['always', { behavior: 'allow', always: true }],
    ['no', { behavior: 'deny', message: 'not here' }],
  ] as const)('is answered with the option %s', async (option, answer) => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'ask', text: 'touch x' }]] });
    const updates = await turnOf(agent, bench.turn('go'), answer);
    expect(ofType(updates, 'permission')[0]?.request).toMatchObject({
      toolUseId: 'call',
      tool: 'execute',
      title: 'touch x',
      input: { command: 'touch x' },
    });
    expect(saidIn(updates)).toBe(`[${option}]`);
    // The agent is silent about the call's result.
    expect(ofType(updates, 'tool_result')).toMatchObject([{ toolUseId: 'call', outcome: 'failed' }]);
  });
});

describe('an end', () => {
  it.each([
    ['a refusal', { op: 'stop', text: 'refusal' }, 'usage', 'refused'],
    ['too many tokens', { op: 'stop', text: 'max_tokens' }, 'failed', 'tokens'],
    ['too many requests', { op: 'stop', text: 'max_turn_requests' }, 'usage', 'Ask for less'],
    ["the agent's own cancel", { op: 'stop', text: 'cancelled' }, 'failed', 'by itself'],
  ] as const)('with %s is a failure of its kind', async (_, op, code, words) => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'say', text: 'x' }, op], [{ op: 'say', text: 'fine' }]] });
    const updates = await turnOf(agent, bench.turn('go'));
    const [end] = ofType(updates, 'turn_end');
    expect(end).toMatchObject({ end: { outcome: 'failed', error: { code } } });
    expect(JSON.stringify(end)).toMatch(new RegExp(words));
    expect(saidIn(await turnOf(agent, bench.turn('again')))).toBe('fine');
  });

  it('comes for one whose log says that its model refuses it, and the next turn goes on in the same process', async () => {
    await using bench = await openAcpBench();
    const refused = (text: string) => [{ op: 'say', text: 'Hm.' }, { op: 'refused', text }, { op: 'wait' }];
    const turns = [refused('Rate limit reached, retry in 34s'), refused('overloaded'), [{ op: 'say', text: 'here' }]];
    const agent = await play(bench, { turns }, { silenceMs: 30, retryMs: 60 });
    const limited = await turnOf(agent, bench.turn('one'));
    expect(ofType(limited, 'rate_limit')).toMatchObject([{ resetsAt: expect.any(Number) as number }]);
    expect(limited.at(-1)).toMatchObject({
      end: { outcome: 'failed', error: { code: 'rate_limited' }, receipt: { ended: 0, left: 0 } },
    });
    const failed = await turnOf(agent, bench.turn('two'));
    expect(failed.at(-1)).toMatchObject({
      end: { error: { code: 'failed', message: 'scripted answered with an error: AI_APICallError: overloaded' } },
    });
    expect((await turnOf(agent, bench.turn('three'))).at(-1)).toMatchObject({ end: { result: { text: 'here' } } });
  });

  it.each([
    ['never answers session/new', { silentAt: 'session/new' }, 'failed', 'not ready within 0.3 s'],
    ['is not signed in', { signedOut: true }, 'usage', 'sign in'],
    ['dies at session/new', { dieAt: 'session/new' }, 'crashed', 'code 5 before it was ready'],
  ])('comes for an agent that %s', async (_, change, code, words) => {
    await using bench = await openAcpBench();
    // Time for Node to start on a busy machine, but where silence is what is waited for.
    const agent = await play(bench, { turns: [], ...change }, { openMs: 'silentAt' in change ? 300 : 20_000 });
    const updates = await turnOf(agent, bench.turn('go'));
    const message = expect.stringContaining(words) as string;
    expect(updates.at(-1)).toMatchObject({
      end: { outcome: 'failed', error: { code, message }, receipt: { left: 0 } },
    });
  });
});

describe('bad output', () => {
  it('is counted and passed over', async () => {
    await using bench = await openAcpBench();
    const bad = [
      { op: 'raw', text: 'hello, I am a log line\n' },
      { op: 'raw', text: '[1,2]\n42\nnull\n{}\n' },
      { op: 'raw', text: '{"jsonrpc":"2.0","method":"_vendor/news","params":{"x":1}}\n' },
      { op: 'raw', text: '{"jsonrpc":"2.0","id":77,"method":"_vendor/ask","params":{}}\n' },
      { op: 'raw', text: '{"jsonrpc":"2.0","id":4711,"result":{"stopReason":"end_turn"}}\n' },
      { op: 'raw', text: '{"jsonrpc":"2.0","method":"session/update"}\n' },
      { op: 'raw', text: '{"jsonrpc":"2.0","id":5,"method":"session/request_permission","params":{"sessionId":1}}\n' },
      { op: 'update', body: { sessionUpdate: 'from_the_future', x: 1 } },
      { op: 'update', body: { sessionUpdate: 'tool_call' } },
      { op: 'update', body: { sessionUpdate: 'agent_message_chunk', content: { type: 'image', data: '' } } },
      {
        op: 'update',
        text: 'another session',
        body: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'not mine' } },
      },
      { op: 'half' },
      { op: 'raw', text: '\n' },
      { op: 'say', text: 'all the same' },
    ];
    const agent = await play(bench, { turns: [bad] });
    const updates = await turnOf(agent, bench.turn('go'));
    expect(saidIn(updates)).toBe('all the same');
    expect(ofType(updates, 'unknown').map(({ kind }) => kind)).toEqual([
      ...['no JSON', 'no message', 'no message', 'no message', 'no message'],
      ...['_vendor/news', '_vendor/ask', 'session/update', 'session/request_permission'],
      ...['from_the_future', 'tool_call: malformed', 'text: image', 'no JSON'],
    ]);
    expect(updates.at(-1)).toMatchObject({ end: { outcome: 'completed', result: { text: 'all the same' } } });
  });
});
