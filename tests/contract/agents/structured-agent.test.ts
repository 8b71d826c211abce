import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PermissionAnswer } from '../../../src/application/ports/agent-runtime.js';
import { isAlive } from '../../support/agents/bystander.js';
import type { Step } from '../../support/agents/scripted/script.js';
import { ADAPTERS, type Capability } from '../../support/agents/structured/adapters.js';
import {
  allOf,
  conversation,
  endOf,
  HAND_OVER,
  ofType,
  openStructuredBench,
  type StructuredBench,
  textOf,
} from '../../support/agents/structured/structured-bench.js';

const DENY: PermissionAnswer = { behavior: 'deny', message: 'not here' };
const ALWAYS: PermissionAnswer = { behavior: 'allow', always: true };
/** Some agents of these tests have to be waited for until they are given up. */
const TIME_LIMIT_MS = 60_000;

describe.each(ADAPTERS)('an agent that speaks $protocol', { timeout: TIME_LIMIT_MS }, (adapter) => {
  const { lacks } = adapter;
  let bench: StructuredBench;
  beforeAll(async () => {
    bench = await openStructuredBench(adapter);
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const missing = Object.entries(lacks) as [Capability, string][];

  /** A test of what not every protocol can do. What one cannot stands in a test of its own, below. */
  const itCan = (capability: Capability) => (lacks[capability] === undefined ? it : () => undefined);

  describe('in its turns', () => {
    it('keeps one process, and the conversation in it', async () => {
      const { agent, processes } = await bench.start();
      const first = await allOf(agent, agent.prompt(bench.turn('one')));
      const id = ofType(first, 'session')[0]?.providerSessionId ?? null;
      const second = await allOf(agent, agent.prompt(bench.turn('two', { conversation: conversation(id) })));
      expect(endOf(first)).toMatchObject({ outcome: 'completed', result: { text: 'You said: one', truncated: false } });
      expect(endOf(second)).toMatchObject({ outcome: 'completed', result: { text: 'You said: two' } });
      expect(processes()).toHaveLength(1);
      if (lacks['a conversation'] !== undefined) return;
      expect(first.slice(0, 2)).toMatchObject([{ type: 'session', resumed: false }, { type: 'mark' }]);
      expect(ofType(second, 'session')[0]).toMatchObject({ providerSessionId: id, resumed: true });
      const [before, after] = [first, second].map((turn) => ofType(turn, 'usage').at(-1)?.usage.inputTokens ?? 0);
      expect(after).toBe(2 * (before ?? 0));
    });

    itCan('thoughts and tools')('tells them in their order', async () => {
      const { agent } = await bench.start();
      const steps: Step[] = [{ think: 'hm' }, { say: 'I look.' }, { tool: { id: 'call-1', command: 'ls' } }];
      const updates = await allOf(agent, agent.prompt(bench.turn([...steps, { say: 'One file.' }])));
      const kinds = updates.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
      const told = new Set(['thought', 'text', 'tool_call', 'tool_result', 'turn_end']);
      expect(kinds.filter((kind) => told.has(kind))).toEqual([
        ...['thought', 'text', 'tool_call', 'tool_result', 'text', 'turn_end'],
      ]);
      expect(ofType(updates, 'tool_result')).toMatchObject([{ toolUseId: 'call-1', outcome: 'done' }]);
    });

    itCan('a conversation')('begins anew with a hand-over, and says so, where none is taken up', async () => {
      const { agent } = await bench.start({ forgetful: true });
      const turn = bench.turn('go on', { conversation: conversation('lost') });
      const updates = await allOf(agent, agent.prompt(turn));
      expect(ofType(updates, 'session')[0]).toMatchObject({ resumed: false });
      expect(ofType(updates, 'session')[0]?.providerSessionId).not.toBe('lost');
      expect(ofType(updates, 'progress')[0]?.message).toContain('hand-over');
      expect(textOf(updates)).toBe(`You said: ${HAND_OVER}\n\ngo on`);
    });

    it('counts what is no message or of a kind to come, and goes on', async () => {
      const { agent } = await bench.start();
      const lines = ['no json {', '[1, 2]', 'null', '42', '{}', '', '{"type":7,"method":7,"params":[]}', '\u0000'];
      const bad: Step[] = [...lines.map((line) => ({ line })), { half: '{"type":"as' }, { line: '' }, { news: 'mood' }];
      const updates = await allOf(agent, agent.prompt(bench.turn([...bad, { say: 'still here' }])));
      expect(endOf(updates)).toMatchObject({ outcome: 'completed', result: { text: 'still here' } });
      expect(ofType(updates, 'unknown').length).toBeGreaterThan(lines.length);
      expect(ofType(updates, 'unknown').at(-1)?.kind).toContain('mood');
    });

    it('may write a line of 64 MB, and a flood of small ones', async () => {
      const { agent } = await bench.start();
      const flood = await allOf(agent, agent.prompt(bench.turn([{ flood: 3_000 }, { say: 'end' }])));
      expect(textOf(flood).match(/\d+/g)).toEqual(Array.from({ length: 3_000 }, (_, piece) => String(piece)));
      const long = await allOf(agent, agent.prompt(bench.turn([{ long: 64_000_000 }])));
      expect(endOf(long)).toMatchObject({ outcome: 'completed' });
      const told = [...ofType(long, 'tool_result').map(({ output }) => output), textOf(long)].join('');
      expect(told.length).toBeGreaterThan(100_000);
      expect(told.length).toBeLessThan(3_000_000);
    });

    itCan('leave')('is allowed, denied, asked twice and always allowed', async () => {
      const { agent } = await bench.start();
      const ask = { id: 'call', command: 'rm x' };
      const take = async (steps: readonly Step[], answer?: PermissionAnswer) => {
        const updates = await allOf(agent, agent.prompt(bench.turn(steps)), async (update) => {
          if (update.type === 'permission' && answer) await agent.answer?.(update.request.requestId, answer);
        });
        expect(endOf(updates)).toMatchObject({ outcome: 'completed' });
        return [ofType(updates, 'permission').length, ...ofType(updates, 'tool_result').map(({ outcome }) => outcome)];
      };
      expect(await take([{ ask }])).toEqual([1, 'done']);
      expect(await take([{ ask: { ...ask, id: 'call-2' } }], DENY)).toEqual([1, 'failed']);
      const [times, ...outcomes] = await take([{ ask: { ...ask, id: 'call-3', twice: true } }]);
      expect([1, 2]).toContain(times);
      expect(outcomes).toEqual(['done']);
      const again = [{ ask: { ...ask, id: 'call-4' } }, { ask: { ...ask, id: 'call-5' } }];
      expect(await take(again, ALWAYS)).toEqual([1, 'done', 'done']);
    });

    itCan('steering')('takes words while it works, and none after it', async () => {
      const { agent } = await bench.start();
      const steered: Promise<boolean>[] = [];
      const updates = await allOf(agent, agent.prompt(bench.turn([{ say: 'go' }, { steered: true }])), (update) => {
        // Not waited for here: one protocol answers it in what is read next.
        if (update.type === 'text' && steered.length === 0)
          steered.push(agent.steer?.('also this') ?? Promise.resolve(false));
      });
      expect(await Promise.all(steered)).toEqual([true]);
      expect(textOf(updates)).toContain('also this');
      expect(await agent.steer?.('too late')).toBe(false);
    });
  });

  it.each(missing)('has no way for %s, because %s', async (capability) => {
    const { agent, processes } = await bench.start();
    switch (capability) {
      case 'a conversation':
        expect(ofType(await allOf(agent, agent.prompt(bench.turn('x'))), 'session')).toEqual([]);
        return;
      case 'leave':
        expect(agent).not.toHaveProperty('answer');
        return;
      case 'steering':
        expect(agent).not.toHaveProperty('steer');
        return;
      case 'a takeover':
        expect(agent).not.toHaveProperty('resume');
        expect(bench.runtime()).not.toHaveProperty('attach');
        return;
      case 'faults by their kind': {
        const end = endOf(await allOf(agent, agent.prompt(bench.turn([{ fail: 'limit' }]))));
        expect(end).toMatchObject({ outcome: 'failed', error: { code: 'failed', message: 'a fault: limit' } });
        return;
      }
      case 'thoughts and tools': {
        const kinds = (await allOf(agent, agent.prompt(bench.turn([{ say: 'x' }])))).map(({ type }) => type);
        expect(new Set(kinds)).toEqual(new Set(['progress', 'text', 'turn_end']));
        return;
      }
      case 'a warm process after an interrupt': {
        const abort = new AbortController();
        const turn = bench.turn([{ say: 'x' }, { hang: true }], { signal: abort.signal });
        const updates = await allOf(agent, agent.prompt(turn), ({ type }) => type === 'text' && abort.abort());
        expect(endOf(updates)).toMatchObject({ outcome: 'aborted', receipt: { left: 0 } });
        expect(isAlive(processes()[0]?.pid ?? 0)).toBe(false);
        return;
      }
      case 'a version that is refused': {
        const { agent: later } = await bench.start({ future: true });
        expect(endOf(await allOf(later, later.prompt(bench.turn('x'))))).toMatchObject({ outcome: 'completed' });
        return;
      }
    }
  });
});
