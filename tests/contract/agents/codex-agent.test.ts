import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import { isAlive } from '../../support/agents/bystander.js';
import { openCodexBench, updatesOf } from '../../support/agents/codex-bench.js';
import { contentOf, pidIn } from '../../support/agents/content-of.js';

const THREAD = '01a1f84d-646a-7d21-a62e-dfb98b0ba82d';

function endOf(updates: readonly AgentUpdate[]) {
  expect(updates.filter(({ type }) => type === 'turn_end')).toHaveLength(1);
  const last = updates.at(-1);
  return last?.type === 'turn_end' ? last.end : undefined;
}

function textOf(updates: readonly AgentUpdate[]): string {
  return updates.map((update) => (update.type === 'text' ? update.text : '')).join('');
}

function ofType<T extends AgentUpdate['type']>(updates: readonly AgentUpdate[], type: T) {
  return updates.filter((update): update is Extract<AgentUpdate, { type: T }> => update.type === type);
}

describe('the Codex runtime', () => {
  it('tells the conversation and the mark before the prompt is sent, then the turn, and its end at last', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const steps = [{ think: 'hm' }, { say: 'I look.' }, { tool: { id: 'call-1', command: 'ls', output: 'a.txt\n' } }];
    const updates = await updatesOf(agent.prompt(bench.turn([...steps, { say: 'One file.' }])));

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
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const updates = agent.prompt(bench.turn('hello'))[Symbol.asyncIterator]();
    let update = await updates.next();
    while (update.done !== true && update.value.type !== 'mark') update = await updates.next();
    const mark = update.done === true || update.value.type !== 'mark' ? '' : update.value.mark;
    const [process] = bench.processes();
    expect(await process?.size()).toBe((JSON.parse(mark) as { from: number }).from);
    await updates.return?.();
    await process?.ended;
  });

  it('keeps one process for many turns, and takes the conversation up in it', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    await updatesOf(agent.prompt(bench.turn('one')));
    const conversation = { ...bench.turn('').conversation, providerSessionId: THREAD };
    const updates = await updatesOf(agent.prompt(bench.turn('two', { conversation })));

    expect(updates[0]).toMatchObject({ type: 'session', resumed: true });
    expect(endOf(updates)).toMatchObject({ outcome: 'completed', result: { text: 'You said: two' } });
    expect(ofType(updates, 'usage')[0]?.usage.inputTokens).toBe(200);
    expect(bench.processes()).toHaveLength(1);
  });

  it('begins anew with a hand-over, and says so, where a conversation is not taken up again', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start({ forgetful: true });
    const conversation = { ...bench.turn('').conversation, providerSessionId: 'gone' };
    const updates = await updatesOf(agent.prompt(bench.turn('go on', { conversation })));

    expect(ofType(updates, 'progress')[0]?.message).toContain('no rollout found');
    expect(ofType(updates, 'session')).toMatchObject([{ resumed: false }]);
    expect(textOf(updates)).toBe('You said: What was before.\n\ngo on');
  });

  it.each([
    ['allowed', { behavior: 'allow', always: false }, 'done'],
    ['denied', { behavior: 'deny', message: 'no' }, 'failed'],
  ] as const)('asks leave, and goes on when it is %s', async (_how, answer, outcome) => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const steps = [{ ask: { id: 'call-1', command: 'rm x', reason: 'tidy', twice: true } }, { say: 'ok' }];
    const updates = await updatesOf(agent.prompt(bench.turn(steps)), async (update) => {
      if (update.type === 'permission') await agent.answer?.(update.request.requestId, answer);
    });

    expect(ofType(updates, 'permission').map(({ request }) => request)).toEqual([
      { requestId: '1:0', toolUseId: 'call-1', tool: 'Bash', input: { command: 'rm x' }, title: 'rm x (tidy)' },
    ]);
    expect(ofType(updates, 'tool_result')).toMatchObject([{ toolUseId: 'call-1', outcome }]);
    expect(endOf(updates)).toMatchObject({ outcome: 'completed' });
    await agent.answer?.('1:0', answer);
  });

  it('answers what is asked and what is not known, and never leaves a request open', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const steps = [{ request: { method: 'item/tool/call', params: { tool: 'x' } } }];
    const updates = await updatesOf(agent.prompt(bench.turn(steps)));
    expect(ofType(updates, 'unknown')).toEqual([{ type: 'unknown', kind: 'request item/tool/call' }]);
    expect(textOf(updates)).toContain('"code":-32601');
  });

  it('takes words into the running turn, and none after it', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const steered: Promise<boolean | undefined>[] = [];
    const updates = await updatesOf(agent.prompt(bench.turn([{ say: 'go' }, { steered: true }])), (update) => {
      if (update.type === 'text' && steered.length === 0) steered.push(Promise.resolve(agent.steer?.('also this')));
    });
    expect(await Promise.all(steered)).toEqual([true]);
    expect(textOf(updates)).toContain('also this');
    expect(await agent.steer?.('too late')).toBe(false);
  });

  it('passes over lines that are no JSON, and counts what it does not know', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
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
    const updates = await updatesOf(agent.prompt(bench.turn(steps)));
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

  it('reads a line of megabytes and a flood of small ones', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const updates = await updatesOf(agent.prompt(bench.turn([{ long: 8_000_000 }, { flood: 5_000 }, { say: 'end' }])));
    expect(ofType(updates, 'tool_result')[0]?.output.length).toBeGreaterThan(100_000);
    expect(ofType(updates, 'text').length).toBeGreaterThan(5_000);
    expect(endOf(updates)).toMatchObject({ outcome: 'completed', result: { text: 'end' } });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('tells a crash before message %i, and runs the next turn', async (dieAt) => {
    await using bench = await openCodexBench();
    const agent = await bench.start({ dieAt });
    const updates = await updatesOf(agent.prompt(bench.turn([{ say: 'one two' }])));
    expect(endOf(updates)).toMatchObject({ outcome: 'failed', error: { code: 'crashed' }, exitCode: 3 });
    expect(endOf(await updatesOf(agent.prompt(bench.turn('again'))))).toMatchObject({ outcome: 'failed' });
    expect(bench.processes()).toHaveLength(2);
  });

  it('quotes the last words of one that crashed', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const updates = await updatesOf(agent.prompt(bench.turn([{ half: '{"method":' }, { die: 7 }])));
    expect(await agent.stop()).toMatchObject({ left: 0 });
    expect(endOf(updates)).toMatchObject({
      error: { code: 'crashed', message: expect.stringMatching(/exited with code 7 .*the last words$/) as string },
    });
  });

  it('gives up one that never answers, and one that rests without an end', async () => {
    await using bench = await openCodexBench();
    const mute = await bench.start({ mute: true }, { answerMs: 200 });
    expect(endOf(await updatesOf(mute.prompt(bench.turn('hello'))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'failed', message: 'Codex did not answer initialize within 1 s.' },
      receipt: { left: 0 },
    });
    await using other = await openCodexBench();
    const idle = await other.start({}, { endMs: 100 });
    expect(endOf(await updatesOf(idle.prompt(other.turn([{ say: 'so' }, { idle: true }]))))).toMatchObject({
      outcome: 'failed',
      error: { code: 'failed', message: 'Codex rests, but did not say how the turn ended.' },
    });
  });

  it.each([
    ['obeys', {}, 60_000],
    ['ignores interrupts and SIGTERM', { stubborn: true }, 100],
  ])('ends an aborted turn of one that %s, with all it started', async (_how, habits, interruptMs) => {
    await using bench = await openCodexBench();
    const agent = await bench.start(habits, { interruptMs });
    const abort = new AbortController();
    const pidFile = join(bench.workspace, 'pid');
    const steps = [{ fork: pidFile }, { ask: { id: 'call-1', command: 'x' } }];
    const updates = await updatesOf(agent.prompt(bench.turn(steps, { signal: abort.signal })), async (update) => {
      if (update.type !== 'permission') return;
      await contentOf(pidFile);
      abort.abort();
    });
    expect(endOf(updates)).toMatchObject({ outcome: 'aborted', receipt: { left: 0 } });
    expect(isAlive(await pidIn(pidFile))).toBe(false);
    expect(endOf(await updatesOf(agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
  });

  it('ends a turn at its time limit', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const updates = await updatesOf(agent.prompt(bench.turn([{ hang: true }], { timeoutMs: 700 })));
    expect(endOf(updates)).toMatchObject({ outcome: 'failed', error: { code: 'timeout' }, receipt: { left: 0 } });
  });

  it.each([
    ['rate_limited', 'usageLimitExceeded'],
    ['rate_limited', { responseTooManyFailedAttempts: { httpStatusCode: 429 } }],
    ['usage', 'unauthorized'],
    ['failed', 'serverOverloaded'],
    ['failed', { fromTheFuture: {} }],
  ] as const)('fails a turn as %s for %j', async (code, codexErrorInfo) => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
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
    const updates = await updatesOf(agent.prompt(bench.turn(steps)));
    const resetsAt = 2_000_000_000_000;
    expect(endOf(updates)).toMatchObject({ outcome: 'failed', error: { code, message: 'It is over.' } });
    if (code === 'rate_limited') {
      expect(ofType(updates, 'rate_limit').at(-1)).toEqual({ type: 'rate_limit', resetsAt, message: 'It is over.' });
      expect(endOf(updates)).toMatchObject({ resetsAt });
    }
    expect(endOf(await updatesOf(agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
    expect(bench.processes()).toHaveLength(1);
  });

  it('is stopped with a proof, once however often, and takes no turn after it', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start({ endless: true });
    const turn = updatesOf(agent.prompt(bench.turn([{ fork: join(bench.workspace, 'pid') }, { hang: true }])));
    const pid = await pidIn(join(bench.workspace, 'pid'));
    const receipts = await Promise.all([agent.stop(), agent.stop()]);
    expect(receipts[0]).toEqual(receipts[1]);
    expect(receipts[0]).toMatchObject({ left: 0 });
    expect(receipts[0].ended).toBeGreaterThan(1);
    expect(isAlive(pid)).toBe(false);
    expect(endOf(await turn)).toMatchObject({ outcome: 'aborted' });
    expect(endOf(await updatesOf(agent.prompt(bench.turn('no'))))).toMatchObject({ outcome: 'aborted' });
  });

  it('tells a turn again, in the same order, to a server that takes the process over, and goes on with it', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const steps = [
      { say: 'one' },
      { ask: { id: 'call-1', command: 'a' } },
      { ask: { id: 'call-2', command: 'b' } },
      { say: 'end' },
    ];
    const before: AgentUpdate[] = [];
    const updates = agent.prompt(bench.turn(steps))[Symbol.asyncIterator]();
    for (;;) {
      const next = await updates.next();
      if (next.done === true) break;
      before.push(next.value);
      if (next.value.type !== 'permission') continue;
      if (next.value.request.toolUseId === 'call-2') break;
      await agent.answer?.(next.value.request.requestId, { behavior: 'allow', always: false });
    }
    const later = await bench.takeOver(ofType(before, 'mark')[0]?.mark ?? '');
    const after = await updatesOf(later?.resume?.(bench.turn(steps)), async (update) => {
      if (update.type !== 'permission') return;
      await later?.answer?.(update.request.requestId, { behavior: 'allow', always: false });
    });

    const again = before.filter((update) => update.type !== 'permission' || update.request.toolUseId !== 'call-1');
    expect(after.slice(0, again.length)).toEqual(again);
    expect(ofType(after, 'tool_result')).toMatchObject([
      { toolUseId: 'call-1' },
      { toolUseId: 'call-2', outcome: 'done' },
    ]);
    expect(endOf(after)).toMatchObject({ outcome: 'completed', result: { text: 'end' } });
    // The server that died reads no more; in this test it is the same program, which closes its files.
    await updates.return?.();
  });

  it('sends the prompt of a turn that was marked and not sent', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    const first = await updatesOf(agent.prompt(bench.turn('one')));
    const { from: _from, ...mark } = JSON.parse(ofType(first, 'mark')[0]?.mark ?? '{}') as { from: number };
    const from = (await bench.processes()[0]?.size()) ?? 0;
    const later = await bench.takeOver(JSON.stringify({ ...mark, from, request: 'never sent' }), { resendMs: 100 });
    const updates = await updatesOf(later?.resume?.(bench.turn('two')));
    expect(endOf(updates)).toMatchObject({ outcome: 'completed', result: { text: 'You said: two' } });
  });

  it('takes over none whose turn was not begun, and leaves nothing of it', async () => {
    await using bench = await openCodexBench();
    const agent = await bench.start();
    await updatesOf(agent.prompt(bench.turn('one')));
    expect(await bench.takeOver(null)).toBeNull();
    await bench.processes()[0]?.ended;
  });
});
