import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningAgent, Turn } from '../../../src/application/ports/agent-runtime.js';
import type { AgentUpdate } from '../../../src/application/ports/agent-update.js';
import type { Step } from '../../support/agents/scripted/script.js';
import { ADAPTERS } from '../../support/agents/structured/adapters.js';
import {
  allOf,
  conversation,
  endOf,
  ofType,
  openStructuredBench,
  type StructuredBench,
  textOf,
} from '../../support/agents/structured/structured-bench.js';

/** Every update of a turn costs a process. */
const TIME_LIMIT_MS = 60_000;
const STEPS: readonly Step[] = [
  { think: 'hm' },
  { tool: { id: 't1', command: 'ls' } },
  { line: 'noise' },
  { ask: { id: 't2', command: 'rm x' } },
  { say: 'done' },
];
/** The conversation and the mark: nothing is sent before both are stored. */
const BEFORE_THE_PROMPT = 2;

const markOf = (updates: readonly AgentUpdate[]) => ofType(updates, 'mark').at(-1)?.mark ?? null;
/** Leave that was given before is told again as given, or not at all; a mark says what is known when it is told. */
const toldAgain = (updates: readonly AgentUpdate[]) =>
  updates
    .filter(({ type }) => !type.startsWith('permission'))
    .map((update) => (update.type === 'mark' ? { type: update.type } : update));

/** A turn that is not read any further. Closed, it gives its files back, which a server that dies does too. */
interface Pulled extends AsyncDisposable {
  readonly updates: AgentUpdate[];
}

/** Pulls so many updates of a turn, answering all but the last, and then never asks again, as a server that died. */
async function pull(agent: RunningAgent, turn: Turn, count: number): Promise<Pulled> {
  const updates: AgentUpdate[] = [];
  const iterator = agent.prompt(turn)[Symbol.asyncIterator]();
  while (updates.length < count) {
    const next = await iterator.next();
    if (next.done === true) throw new Error('The turn ended before that.');
    const update: AgentUpdate = next.value;
    updates.push(update);
    if (update.type !== 'permission' || updates.length === count) continue;
    await agent.answer?.(update.request.requestId, { behavior: 'allow', always: false });
  }
  return {
    updates,
    async [Symbol.asyncDispose]() {
      await iterator.return?.();
    },
  };
}

describe.each(ADAPTERS.filter(({ lacks }) => lacks['a takeover'] === undefined))(
  'an agent that speaks $protocol is taken over',
  { timeout: TIME_LIMIT_MS },
  (adapter) => {
    let bench: StructuredBench;
    beforeAll(async () => {
      bench = await openStructuredBench(adapter);
    });
    afterAll(() => bench[Symbol.asyncDispose]());

    it('at any update of its turn, tells all of it again, goes on to the same end, and takes the next', async () => {
      const whole = await bench.start();
      const told = await allOf(whole.agent, whole.agent.prompt(bench.turn(STEPS)));
      expect(endOf(told)).toMatchObject({
        outcome: 'completed',
        result: { text: expect.stringMatching(/done$/) as string },
      });

      const counts = told.map((_, index) => index).filter((count) => count > BEFORE_THE_PROMPT);
      expect(counts.length).toBeGreaterThan(5);
      await Promise.all(
        counts.map(async (count) => {
          const { agent, takeOver, processes } = await bench.start();
          const turn = bench.turn(STEPS);
          await using dead = await pull(agent, turn, count);
          const before = dead.updates;
          const taken = await takeOver(markOf(before));
          if (taken === null) throw new Error('It was not taken over.');
          const after = await allOf(taken, taken.resume?.(turn));
          expect(toldAgain(after).slice(0, toldAgain(before).length), String(count)).toEqual(toldAgain(before));
          expect(endOf(after), String(count)).toEqual(endOf(told));
          expect(textOf(after)).toBe(textOf(told));
          const next = await allOf(taken, taken.prompt(bench.turn('next')));
          expect(endOf(next), String(count)).toMatchObject({
            outcome: 'completed',
            result: { text: 'You said: next' },
          });
          expect(processes()).toHaveLength(1);
        }),
      );
    });

    it('before its prompt was sent, and is told it once, as it was', async () => {
      const { agent, takeOver } = await bench.start({ forgetful: true });
      await using dead = await pull(agent, bench.turn('go'), BEFORE_THE_PROMPT);
      const before = dead.updates;
      expect(before.at(-1)?.type).toBe('mark');
      const taken = await takeOver(markOf(before));
      if (taken === null) throw new Error('It was not taken over.');
      // What the conversation is called was stored.
      const id = ofType(before, 'session')[0]?.providerSessionId ?? null;
      const after = await allOf(taken, taken.resume?.(bench.turn('go', { conversation: conversation(id) })));
      expect(endOf(after)).toMatchObject({ outcome: 'completed' });
      expect(textOf(after)).toBe('You said: go');
    });

    it('when it has died meanwhile, and tells how', async () => {
      const { agent, takeOver, processes } = await bench.start();
      const turn = bench.turn([{ say: 'x' }, { die: 7 }]);
      await using dead = await pull(agent, turn, BEFORE_THE_PROMPT + 1);
      const before = dead.updates;
      await processes()[0]?.ended;
      const taken = await takeOver(markOf(before));
      if (taken === null) throw new Error('It was not taken over.');
      const after = await allOf(taken, taken.resume?.(turn));
      expect(textOf(after)).toBe('x');
      expect(endOf(after)).toMatchObject({ outcome: 'failed', error: { code: 'crashed' }, exitCode: 7 });
    });

    it('never when nothing was sent to it that is known, and nothing of it is left', async () => {
      const { agent, takeOver, processes } = await bench.start();
      await allOf(agent, agent.prompt(bench.turn('one')));
      expect(await takeOver(null)).toBeNull();
      expect(await processes()[0]?.stop()).toMatchObject({ left: 0 });
    });
  },
);
