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

/** A turn that is cut as soon as this update has come. */
function cutAt(bench: AcpBench, agent: RunningAgent, type: AgentUpdate['type']): Promise<AgentUpdate[]> {
  const abort = new AbortController();
  return readTurn(agent.prompt(bench.turn('go', { signal: abort.signal })), (update) => {
    if (update.type === type) abort.abort();
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

  it('that is asked twice under one id is told twice, and the answer reaches the second', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'ask-twice' }]] });
    const updates = await readTurn(agent.prompt(bench.turn('go')), async (update) => {
      if (update.type !== 'permission') return;
      await agent.answer?.(update.request.requestId, ALLOW);
      await agent.answer?.(update.request.requestId, { behavior: 'deny', message: 'too late' });
    });
    expect(updates.at(-1)).toMatchObject({ end: { outcome: 'completed' } });
  });

  it('that waits when the turn is cut is answered as cancelled', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'ask' }, { op: 'wait' }], [{ op: 'say', text: 'fine' }]] });
    const updates = await cutAt(bench, agent, 'permission');
    expect(saidIn(updates)).toBe('[cancelled]');
    expect(updates.at(-1)).toEqual({ type: 'turn_end', end: { outcome: 'aborted', receipt: { ended: 0, left: 0 } } });
    await agent.answer?.(ofType(updates, 'permission')[0]?.request.requestId ?? '', ALLOW);
    expect(saidIn(await turnOf(agent, bench.turn('after')))).toBe('fine');
  });
});

describe('an end', () => {
  it.each([
    ['a limit', { op: 'fail', code: 429, text: 'Rate limit exceeded, try again in 30 s' }, 'rate_limited', '429|limit'],
    ['an error of the API', { op: 'fail', data: { details: 'overloaded' } }, 'failed', 'overloaded'],
    ['no sign-in', { op: 'fail', text: '401 invalid api key' }, 'usage', 'sign in'],
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
    expect(ofType(updates, 'rate_limit')).toHaveLength(code === 'rate_limited' ? 1 : 0);
    if (code === 'rate_limited') {
      const [limit] = ofType(updates, 'rate_limit');
      expect(Math.abs((limit?.resetsAt ?? 0) - Date.now() - 30_000)).toBeLessThan(20_000);
    }
    expect(saidIn(await turnOf(agent, bench.turn('again')))).toBe('fine');
  });

  it('comes for an agent that does not answer its prompt after the cancel: it is stopped', async () => {
    await using bench = await openAcpBench();
    const turns = [[{ op: 'say', text: 'x' }, { op: 'fork' }, { op: 'say', text: 'y' }, { op: 'hang' }]];
    const agent = await play(bench, { turns, ignoresTerm: true }, { cancelMs: 50 });
    const abort = new AbortController();
    const updates = await readTurn(agent.prompt(bench.turn('go', { signal: abort.signal })), (update) => {
      if (update.type === 'text' && update.text === 'y') abort.abort();
    });
    expect(updates.at(-1)).toEqual({ type: 'turn_end', end: { outcome: 'aborted', receipt: { ended: 2, left: 0 } } });
  });

  it('comes for one whose log says that its model refuses it, and the next turn goes on in the same process', async () => {
    await using bench = await openAcpBench();
    const refused = (text: string) => [{ op: 'say', text: 'Hm.' }, { op: 'refused', text }, { op: 'wait' }];
    const turns = [refused('Rate limit reached, retry in 34s'), refused('overloaded'), [{ op: 'say', text: 'here' }]];
    const agent = await play(bench, { turns }, { silenceMs: 30, retryMs: 60 });
    const limited = await turnOf(agent, bench.turn('one'));
    expect(limited.at(-2)).toMatchObject({ type: 'rate_limit', resetsAt: expect.any(Number) as number });
    expect(limited.at(-1)).toMatchObject({
      end: { outcome: 'failed', error: { code: 'rate_limited' }, receipt: { ended: 0, left: 0 } },
    });
    const failed = await turnOf(agent, bench.turn('two'));
    expect(failed.at(-1)).toMatchObject({
      end: { error: { code: 'failed', message: 'scripted answered with an error: AI_APICallError: overloaded' } },
    });
    expect((await turnOf(agent, bench.turn('three'))).at(-1)).toMatchObject({ end: { result: { text: 'here' } } });
  });

  it('comes when the time is over', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, {
      turns: [[{ op: 'say', text: 'x' }, { op: 'wait' }], [{ op: 'say', text: 'fine' }]],
    });
    const updates = await turnOf(agent, bench.turn('go', { timeoutMs: 700 }));
    expect(updates.at(-1)).toMatchObject({ end: { outcome: 'failed', error: { code: 'timeout' } } });
    expect(saidIn(await turnOf(agent, bench.turn('again')))).toBe('fine');
  });

  it.each([
    ['never answers initialize', { silentAt: 'initialize' }, 'failed', 'not ready within 0.3 s'],
    ['never answers session/new', { silentAt: 'session/new' }, 'failed', 'not ready within 0.3 s'],
    ['speaks a later version', { version: 2 }, 'usage', 'version 2'],
    ['is not signed in', { signedOut: true }, 'usage', 'sign in'],
    [
      'dies at initialize',
      { dieAt: 'initialize' },
      'crashed',
      'code 5 before it was ready. Its last words: a last word',
    ],
    ['dies at session/new', { dieAt: 'session/new' }, 'crashed', 'code 5 before it was ready'],
    ['dies at session/prompt', { dieAt: 'session/prompt' }, 'crashed', 'in the middle of its turn'],
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

  it('comes for an agent that dies after any of its messages, and the next turn has a new process', async () => {
    await using bench = await openAcpBench();
    const turn = [
      { op: 'think', text: 'hm' },
      { op: 'say', text: 'a' },
      { op: 'tool', id: 't1', text: 'ls' },
      { op: 'ask', id: 't2' },
    ];
    // initialize, session/new, thought, text, call, result, question, its echo, the answer to the prompt
    for (let dieAfter = 1; dieAfter <= 9; dieAfter += 1) {
      const agent = await play(bench, { turns: [turn, [{ op: 'say', text: 'never' }]], dieAfter });
      const updates = await turnOf(agent, bench.turn('go'));
      const ended = updates.at(-1);
      if (dieAfter < 9)
        expect(ended, String(dieAfter)).toMatchObject({
          end: { outcome: 'failed', error: { code: 'crashed' }, exitCode: 3 },
        });
      else expect(ended).toMatchObject({ end: { outcome: 'completed' } });
      expect(ofType(updates, 'turn_end')).toHaveLength(1);
      expect(ofType(updates, 'tool_result')).toHaveLength(ofType(updates, 'tool_call').length);
      const next = await turnOf(agent, bench.turn('again'));
      expect(next.at(-1)?.type).toBe('turn_end');
    }
  }, 30_000);
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

  it('of 32 MB in one line is read, and a flood is told whole and in order', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, {
      turns: [
        [
          { op: 'long', id: 'big', count: 32 * 1024 * 1024 },
          { op: 'flood', count: 20_000 },
        ],
      ],
    });
    const updates = await turnOf(agent, bench.turn('go'));
    expect(ofType(updates, 'tool_result')).toMatchObject([{ toolUseId: 'big', outcome: 'done' }]);
    expect(saidIn(updates)).toBe(Array.from({ length: 20_000 }, (_, n) => `${String(n)} `).join(''));
    const { result } =
      ofType(updates, 'turn_end').flatMap(({ end }) => (end.outcome === 'completed' ? [end] : []))[0] ?? {};
    expect(result).toMatchObject({ truncated: true, bytes: saidIn(updates).length });
    expect(result?.text.endsWith('19998 19999 ')).toBe(true);
  }, 30_000);
});

describe('a stop', () => {
  it('ends the agent and what left its session, in the middle of a turn', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, {
      turns: [[{ op: 'fork' }, { op: 'say', text: 'x' }, { op: 'hang' }]],
      ignoresTerm: true,
    });
    let receipt: unknown;
    const updates = await readTurn(agent.prompt(bench.turn('go')), async (update) => {
      if (update.type === 'text') receipt = await agent.stop();
    });
    expect(receipt).toEqual({ ended: 2, left: 0 });
    expect(updates.at(-1)).toMatchObject({ end: { outcome: 'aborted' } });
    expect(await readTurn(agent.prompt(bench.turn('more')))).toMatchObject([{ end: { outcome: 'aborted' } }]);
  });

  it('of a reader in the middle of a turn ends the process', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'say', text: 'x' }, { op: 'hang' }]] });
    for await (const update of agent.prompt(bench.turn('go'))) if (update.type === 'text') break;
    expect(await agent.stop()).toMatchObject({ left: 0 });
  });
});

describe('a takeover', () => {
  const TURN = [
    { op: 'think', text: 'hm' },
    { op: 'tool', id: 't1', text: 'ls' },
    { op: 'raw', text: 'noise\n' },
    { op: 'ask', id: 't2' },
    { op: 'say', text: ' done' },
  ];

  /** Pulls so many updates of a turn, answering as it goes, and then never asks again, as a server that died. */
  async function pulled(agent: RunningAgent, turn: Turn, count: number): Promise<AgentUpdate[]> {
    const updates: AgentUpdate[] = [];
    const iterator = agent.prompt(turn)[Symbol.asyncIterator]();
    while (updates.length < count) {
      const next = await iterator.next();
      if (next.done === true) break;
      const update: AgentUpdate = next.value;
      updates.push(update);
      if (update.type === 'permission') await agent.answer?.(update.request.requestId, ALLOW);
    }
    return updates;
  }

  it('at any update tells all of the turn again and goes on to the same end', async () => {
    await using bench = await openAcpBench();
    const whole = await turnOf(await play(bench, { turns: [TURN] }), bench.turn('go'));
    const text = saidIn(whole);
    expect(text).toBe('[once] done');

    // Two are the conversation and the mark, before anything is sent.
    for (let count = 3; count < whole.length; count += 1) {
      const agent = await play(bench, { turns: [TURN, [{ op: 'say', text: 'next' }]] });
      const turn = bench.turn('go');
      const before = await pulled(agent, turn, count);
      const mark = ofType(before, 'mark')[0]?.mark ?? null;
      const taken = await bench.runtime().attach?.({ ...bench.last(), mark });
      if (!taken?.resume) throw new Error('It was not taken over.');
      const after = await readTurn(taken.resume(turn), async (update) => {
        if (update.type === 'permission') await taken.answer?.(update.request.requestId, ALLOW);
      });
      const told = after.filter(({ type }) => type !== 'permission_over');
      expect(told.slice(0, before.length), String(count)).toEqual(before);
      expect(saidIn(after)).toBe(text);
      expect(after.at(-1)).toEqual(whole.at(-1));
      const next = await turnOf(taken, bench.turn('more', { conversation: conversation(1) }));
      expect(saidIn(next), String(count)).toBe('next');
    }
  }, 60_000);

  it('before the prompt was sent says it to a new process', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, { turns: [[{ op: 'echo' }]] });
    const turn = bench.turn('go');
    const before = await pulled(agent, turn, 2);
    const taken = await bench.runtime().attach?.({ ...bench.last(), mark: ofType(before, 'mark')[0]?.mark ?? null });
    const after = await readTurn(taken?.resume?.(turn) ?? []);
    expect(saidIn(after)).toMatch(/ go$/);
    expect(ofType(after, 'turn_end')).toMatchObject([{ end: { outcome: 'completed' } }]);
    await taken?.stop();
  });

  it('of an agent that died meanwhile tells how it ended', async () => {
    await using bench = await openAcpBench();
    const agent = await play(bench, {
      turns: [
        [
          { op: 'say', text: 'x' },
          { op: 'die', code: 7 },
        ],
      ],
    });
    const turn = bench.turn('go');
    const before = await pulled(agent, turn, 3);
    const taken = await bench.runtime().attach?.({ ...bench.last(), mark: ofType(before, 'mark')[0]?.mark ?? null });
    const after = await readTurn(taken?.resume?.(turn) ?? []);
    expect(saidIn(after)).toBe('x');
    expect(after.at(-1)).toMatchObject({ end: { outcome: 'failed', error: { code: 'crashed' }, exitCode: 7 } });
  });

  it('of one that had no turn yet ends it', async () => {
    await using bench = await openAcpBench();
    await play(bench, { turns: [] });
    expect(await bench.runtime().attach?.({ ...bench.last(), mark: null })).toBeNull();
  });
});
