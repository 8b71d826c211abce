import { describe, expect, it } from 'vitest';
import { adapterOf } from '../../support/agents/structured/adapters.js';
import { allOf, endOf, ofType, openStructuredBench, textOf } from '../../support/agents/structured/structured-bench.js';

const CODEX = adapterOf('codex');
const THREAD = '01a1f84d-646a-7d21-a62e-dfb98b0ba82d';

describe('the Codex runtime', () => {
  it('tells the conversation and the mark before the prompt is sent, then the turn, and its end at last', async () => {
    await using bench = await openStructuredBench(CODEX);
    const { agent } = await bench.start();
    const steps = [{ think: 'hm' }, { say: 'I look.' }, { tool: { id: 'call-1', command: 'ls', output: 'a.txt\n' } }];
    const updates = await allOf(agent, agent.prompt(bench.turn([...steps, { say: 'One file.' }])));

    expect(updates).toMatchObject([
      { type: 'session', source: 'codex', providerSessionId: THREAD, agentVersion: '9.9.9', resumed: false },
      { type: 'mark' },
      { type: 'thought', text: 'hm' },
      { type: 'text', text: 'I lo' },
      { type: 'text', text: 'ok.' },
      { type: 'tool_call', toolUseId: 'call-1', name: 'Bash', title: 'ls', input: { command: 'ls' }, subagent: null },
      { type: 'tool_result', toolUseId: 'call-1', outcome: 'done', output: 'a.txt\n', diffs: [] },
      { type: 'text', text: 'One f' },
      { type: 'text', text: 'ile.' },
      { type: 'usage', usage: { inputTokens: 100, cachedTokens: 10, outputTokens: 20, model: 'scripted' } },
      {
        type: 'turn_end',
        end: {
          outcome: 'completed',
          result: { text: 'One file.', truncated: false, bytes: 9, exitCode: null },
          receipt: { ended: 0, left: 0 },
        },
      },
    ]);
  });

  it('sends nothing of the prompt before the mark is taken', async () => {
    await using bench = await openStructuredBench(CODEX);
    const { agent, processes } = await bench.start();
    const updates = agent.prompt(bench.turn('hello'))[Symbol.asyncIterator]();
    let update = await updates.next();
    while (update.done !== true && update.value.type !== 'mark') update = await updates.next();
    const mark = update.done === true || update.value.type !== 'mark' ? '' : update.value.mark;
    const [process] = processes();
    expect(await process?.size()).toBe((JSON.parse(mark) as { from: number }).from);
    await updates.return?.();
    await process?.ended;
  });

  it('answers what is asked and what is not known, and never leaves a request open', async () => {
    await using bench = await openStructuredBench(CODEX);
    const { agent } = await bench.start();
    const steps = [{ request: { method: 'item/tool/call', params: { tool: 'x' } } }];
    const updates = await allOf(agent, agent.prompt(bench.turn(steps)));
    expect(ofType(updates, 'unknown')).toEqual([{ type: 'unknown', kind: 'request item/tool/call' }]);
    expect(textOf(updates)).toContain('"code":-32601');
  });

  it('passes over lines that are no JSON, and counts what it does not know', async () => {
    await using bench = await openStructuredBench(CODEX);
    const { agent } = await bench.start();
    const steps = [
      { line: 'no json {' },
      { line: '[1, 2]' },
      { line: '' },
      { tell: { method: 'future/thing', params: { a: 1 } } },
      { tell: { method: 'item/started', params: { item: { type: 'hologram', id: 'h' } } } },
      { tell: { method: 'turn/plan/updated', params: { plan: 'none' } } },
      { tell: { method: 'item/completed', params: {} } },
      { say: 'still here' },
    ];
    const updates = await allOf(agent, agent.prompt(bench.turn(steps)));
    expect(ofType(updates, 'unknown').map(({ kind }) => kind)).toEqual([
      'a line that is no JSON',
      'a line of another protocol',
      'a line that is no JSON',
      'future/thing',
      'item hologram',
      'turn/plan/updated',
      'item/completed',
    ]);
    expect(endOf(updates)).toMatchObject({ outcome: 'completed', result: { text: 'still here' } });
  });

  it('asks leave once for what is asked twice under one id, in the words of a shell', async () => {
    await using bench = await openStructuredBench(CODEX);
    const { agent } = await bench.start();
    const steps = [{ ask: { id: 'call-1', command: 'rm x', reason: 'tidy', twice: true } }, { say: 'ok' }];
    const updates = await allOf(agent, agent.prompt(bench.turn(steps)));
    expect(ofType(updates, 'permission').map(({ request }) => request)).toEqual([
      { requestId: '1:0', toolUseId: 'call-1', tool: 'Bash', input: { command: 'rm x' }, title: 'rm x (tidy)' },
    ]);
  });

  it('gives up one that rests without an end', async () => {
    await using bench = await openStructuredBench(CODEX);
    const { agent } = await bench.start();
    expect(endOf(await allOf(agent, agent.prompt(bench.turn([{ say: 'so' }, { idle: true }]))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'failed', message: 'Codex rests, but did not say how the turn ended.' },
    });
  });

  it.each([
    ['rate_limited', { responseTooManyFailedAttempts: { httpStatusCode: 429 } }],
    ['failed', { fromTheFuture: {} }],
  ] as const)('fails a turn as %s for %j', async (code, codexErrorInfo) => {
    await using bench = await openStructuredBench(CODEX);
    const { agent, processes } = await bench.start();
    const limits = {
      primary: { usedPercent: 100, resetsAt: 2_000_000_000 },
      secondary: null,
      rateLimitReachedType: null,
    };
    const steps = [
      ...(code === 'rate_limited'
        ? [{ tell: { method: 'account/rateLimits/updated', params: { rateLimits: limits } } }]
        : []),
      { fail: { message: 'It is over.', codexErrorInfo } },
    ];
    const updates = await allOf(agent, agent.prompt(bench.turn(steps)));
    const resetsAt = 2_000_000_000_000;
    expect(endOf(updates)).toMatchObject({ outcome: 'failed', error: { code, message: 'It is over.' } });
    if (code === 'rate_limited') {
      expect(ofType(updates, 'rate_limit').at(-1)).toEqual({ type: 'rate_limit', resetsAt, message: 'It is over.' });
      expect(endOf(updates)).toMatchObject({ resetsAt });
    }
    expect(endOf(await allOf(agent, agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
    expect(processes()).toHaveLength(1);
  });
});
