import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../support/agents/bystander.js';
import { pidIn } from '../../support/agents/content-of.js';
import { LIMIT_RESETS_AT, type Step } from '../../support/agents/scripted/script.js';
import { ADAPTERS, type Capability } from '../../support/agents/structured/adapters.js';
import {
  allOf,
  endOf,
  ofType,
  openStructuredBench,
  type StructuredBench,
} from '../../support/agents/structured/structured-bench.js';

/** More messages than any scripted agent writes in a turn. */
const MANY_MESSAGES = 24;
/** Agents that die side by side: most of that is waiting. */
const AT_ONCE = 4;
/** Some agents of these tests have to be waited for until they are given up. */
const TIME_LIMIT_MS = 60_000;

describe.each(ADAPTERS)('an agent that speaks $protocol', { timeout: TIME_LIMIT_MS }, (adapter) => {
  const { lacks } = adapter;
  let bench: StructuredBench;
  beforeAll(async () => {
    bench = await openStructuredBench(adapter);
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  /** A test of what not every protocol can do; structured-agent.test.ts shows what happens where one cannot. */
  const itCan = (capability: Capability) => (lacks[capability] === undefined ? it : () => undefined);

  describe('ends its turn', () => {
    itCan('faults by their kind')('by the kind of fault, and goes on after it', async () => {
      const { agent, processes } = await bench.start();
      const codes = { limit: 'rate_limited', api: 'failed', 'sign-in': 'usage' } as const;
      for (const fail of ['limit', 'api', 'sign-in'] as const) {
        const updates = await allOf(agent, agent.prompt(bench.turn([{ say: 'x' }, { fail }])));
        expect(endOf(updates)).toMatchObject({ outcome: 'failed', error: { code: codes[fail] } });
        expect(ofType(updates, 'rate_limit').length > 0).toBe(fail === 'limit');
        if (fail !== 'limit') continue;
        const resetsAt = ofType(updates, 'rate_limit').at(-1)?.resetsAt ?? 0;
        expect(endOf(updates)).toMatchObject({ resetsAt });
        // One protocol tells how long, the others when.
        expect(resetsAt === LIMIT_RESETS_AT || Math.abs(resetsAt - Date.now() - 30_000) < 20_000).toBe(true);
      }
      expect(endOf(await allOf(agent, agent.prompt(bench.turn('well?'))))).toMatchObject({ outcome: 'completed' });
      expect(processes()).toHaveLength(1);
    });

    it('when it dies, whichever of its messages would be next', async () => {
      const steps: Step[] = [
        { think: 'hm' },
        { tool: { id: 't1', command: 'ls' } },
        { ask: { id: 't2', command: 'rm x' } },
      ];
      const outcomes = new Set<string>();
      for (let dieAt = 1; dieAt < MANY_MESSAGES && !outcomes.has('completed'); dieAt += AT_ONCE) {
        const some = Array.from({ length: AT_ONCE }, (_, more) => dieAt + more);
        for (const outcome of await Promise.all(some.map((message) => dies(message)))) outcomes.add(outcome);
      }
      expect(outcomes).toEqual(new Set(['failed', 'completed']));

      async function dies(dieAt: number): Promise<string> {
        const { agent, processes } = await bench.start({ dieAt });
        const end = endOf(await allOf(agent, agent.prompt(bench.turn([...steps, { say: 'end' }]))));
        if (end.outcome === 'completed') return end.outcome;
        expect(end, String(dieAt)).toMatchObject({ error: { code: 'crashed' }, exitCode: 3, receipt: { left: 0 } });
        // Once is enough to see that another one is started.
        if (dieAt > 1) return end.outcome;
        expect(endOf(await allOf(agent, agent.prompt(bench.turn('again'))))).toMatchObject({ exitCode: 3 });
        expect(processes()).toHaveLength(2);
        return end.outcome;
      }
    });

    it('with its last words when it dies', async () => {
      const { agent } = await bench.start();
      const updates = await allOf(agent, agent.prompt(bench.turn([{ half: '{"method":' }, { die: 7 }])));
      const message = expect.stringMatching(/exited with code 7 .*the last words$/) as string;
      expect(endOf(updates)).toMatchObject({ error: { code: 'crashed', message }, exitCode: 7 });
    });

    it('when it never answers its greeting', async () => {
      const { agent } = await bench.start({ mute: true }, { openMs: 200 });
      const end = endOf(await allOf(agent, agent.prompt(bench.turn('hello'))));
      const message = expect.stringMatching(/not (?:answer|ready) .*within/) as string;
      expect(end).toMatchObject({ outcome: 'failed', error: { code: 'failed', message }, receipt: { left: 0 } });
    });

    it('as always when it asks something of its own before it answers its greeting', async () => {
      const { agent } = await bench.start({ early: true });
      expect(endOf(await allOf(agent, agent.prompt(bench.turn('hello'))))).toMatchObject({ outcome: 'completed' });
    });

    itCan('a version that is refused')('when it speaks one that is not spoken here', async () => {
      const { agent } = await bench.start({ future: true });
      const message = expect.stringMatching(/version.*\d/) as string;
      expect(endOf(await allOf(agent, agent.prompt(bench.turn('hello'))))).toMatchObject({
        outcome: 'failed',
        error: { message },
        receipt: { left: 0 },
      });
    });

    it('at its time limit', async () => {
      const { agent } = await bench.start();
      const end = endOf(await allOf(agent, agent.prompt(bench.turn([{ hang: true }], { timeoutMs: 700 }))));
      expect(end).toMatchObject({ outcome: 'failed', error: { code: 'timeout' }, receipt: { left: 0 } });
    });
  });

  describe('is interrupted', () => {
    itCan('a warm process after an interrupt')('and takes the next turn in the same process', async () => {
      const { agent, processes } = await bench.start();
      const abort = new AbortController();
      const asked: string[] = [];
      const steps: Step[] = [{ ask: { id: 'call', command: 'rm x' } }, { hang: true }];
      const cut = await allOf(agent, agent.prompt(bench.turn(steps, { signal: abort.signal })), (update) => {
        if (update.type !== 'permission') return;
        asked.push(update.request.requestId);
        abort.abort();
      });
      expect(endOf(cut)).toEqual({ outcome: 'aborted', receipt: { ended: 0, left: 0 } });
      // It was denied at the cut: an answer that comes now is dropped.
      for (const requestId of asked) await agent.answer?.(requestId, { behavior: 'allow', always: true });
      expect(endOf(await allOf(agent, agent.prompt(bench.turn('next'))))).toMatchObject({
        outcome: 'completed',
        result: { text: 'You said: next' },
      });
      expect(processes()).toHaveLength(1);
    });

    itCan('a warm process after an interrupt')('and ended where it heeds it but leaves a tool running', async () => {
      const { agent, processes } = await bench.start();
      for (const outcome of ['aborted', 'failed'] as const) {
        const abort = new AbortController();
        const pidFile = join(bench.workspace, `heeded-${outcome}`);
        const change = outcome === 'aborted' ? { signal: abort.signal } : { timeoutMs: 2_000 };
        const turn = allOf(agent, agent.prompt(bench.turn([{ fork: pidFile }, { hang: true }], change)));
        const pid = await pidIn(pidFile);
        if (outcome === 'aborted') abort.abort();
        expect(endOf(await turn)).toMatchObject({ outcome, receipt: { ended: 2, left: 0 } });
        expect(isAlive(pid)).toBe(false);
      }
      expect(endOf(await allOf(agent, agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
      expect(processes()).toHaveLength(3);
    });

    it('and ended with all that it started where it does not heed it', async () => {
      const { agent, processes } = await bench.start({ stubborn: true }, { cutMs: 100 });
      const abort = new AbortController();
      const pidFile = join(bench.workspace, 'interrupted');
      const steps: Step[] = [{ fork: pidFile }, { hang: true }];
      const turn = allOf(agent, agent.prompt(bench.turn(steps, { signal: abort.signal })));
      const pid = await pidIn(pidFile);
      abort.abort();
      expect(endOf(await turn)).toEqual({ outcome: 'aborted', receipt: { ended: 2, left: 0 } });
      expect(isAlive(pid)).toBe(false);
      expect(endOf(await allOf(agent, agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
      expect(processes()).toHaveLength(2);
    });

    it('by its reader, who goes away in the middle of the turn', async () => {
      const { agent, processes } = await bench.start();
      for await (const { type } of agent.prompt(bench.turn([{ say: 'x' }, { hang: true }]))) if (type === 'text') break;
      expect(isAlive(processes()[0]?.pid ?? 0)).toBe(false);
    });
  });

  describe('is stopped with a proof', () => {
    it('in the middle of a turn, once however often, and takes none after it', async () => {
      const { agent } = await bench.start({ stubborn: true }, { cutMs: 100 });
      const pidFile = join(bench.workspace, 'stopped');
      const turn = allOf(agent, agent.prompt(bench.turn([{ fork: pidFile }, { hang: true }])));
      const pid = await pidIn(pidFile);
      const receipts = await Promise.all([agent.stop(), agent.stop()]);
      expect(receipts).toEqual([
        { ended: 2, left: 0 },
        { ended: 2, left: 0 },
      ]);
      expect(isAlive(pid)).toBe(false);
      expect(endOf(await turn)).toMatchObject({ outcome: 'aborted' });
      expect(endOf(await allOf(agent, agent.prompt(bench.turn('no'))))).toMatchObject({ outcome: 'aborted' });
    });

    it('after a turn, with what its tools left running till then', async () => {
      const { agent } = await bench.start({ endless: true });
      const pidFile = join(bench.workspace, 'left');
      const turn = bench.turn([{ fork: pidFile }, { say: 'It serves.' }]);
      expect(endOf(await allOf(agent, agent.prompt(turn)))).toMatchObject({ outcome: 'completed' });
      const pid = await pidIn(pidFile);
      expect(endOf(await allOf(agent, agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
      expect(isAlive(pid)).toBe(true);
      expect(await agent.stop()).toMatchObject({ left: 0 });
      expect(isAlive(pid)).toBe(false);
    });
  });
});
