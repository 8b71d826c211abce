import { describe, expect, it } from 'vitest';
import { adapterOf } from '../../support/agents/structured/adapters.js';
import { allOf, endOf, ofType, openStructuredBench, textOf } from '../../support/agents/structured/structured-bench.js';

const CLAUDE = adapterOf('claude');

describe('the Claude runtime', () => {
  it('counts the turn in which Claude takes words said into one to that one', async () => {
    await using bench = await openStructuredBench(CLAUDE);
    const { agent } = await bench.start();
    const turn = bench.turn([{ say: 'one' }, { later: true }]);
    const updates = await allOf(agent, agent.prompt(turn), async (update) => {
      if (update.type === 'text' && update.text === 'one') await agent.steer?.('two');
    });
    expect(textOf(updates)).toBe('one\n\nYou said: two');
    expect(endOf(updates)).toMatchObject({ outcome: 'completed', result: { text: 'You said: two' } });
  });

  it('ends a process that was interrupted and would go on with words said into its turn', async () => {
    await using bench = await openStructuredBench(CLAUDE);
    const { agent, processes } = await bench.start();
    const abort = new AbortController();
    const turn = bench.turn([{ say: 'x' }, { hang: true }], { signal: abort.signal });
    const updates = await allOf(agent, agent.prompt(turn), async (update) => {
      if (update.type !== 'text') return;
      await agent.steer?.('and this');
      abort.abort();
    });
    expect(endOf(updates)).toEqual({ outcome: 'aborted', receipt: { ended: 1, left: 0 } });
    expect(endOf(await allOf(agent, agent.prompt(bench.turn('next'))))).toMatchObject({ outcome: 'completed' });
    expect(processes()).toHaveLength(2);
  });

  it('does not take what was said late of an earlier turn for a sign that a prompt was sent', async () => {
    await using bench = await openStructuredBench(CLAUDE);
    const { agent, processes, takeOver } = await bench.start({ forgetful: true });
    const first = await allOf(agent, agent.prompt(bench.turn('one')));
    const mark = JSON.parse(ofType(first, 'mark')[0]?.mark ?? '{}') as object;
    const taken = await takeOver(JSON.stringify({ ...mark, sent: processes()[0]?.sent() }));
    if (taken === null) throw new Error('It was not taken over.');
    expect(textOf(await allOf(taken, taken.resume?.(bench.turn('two'))))).toBe('You said: two');
    expect(processes()).toHaveLength(2);
  });

  it('tells leave that was given before a takeover again, and that it is over', async () => {
    await using bench = await openStructuredBench(CLAUDE);
    const { agent, takeOver } = await bench.start();
    const steps = [{ ask: { id: 't1', command: 'rm x' } }, { say: 'x' }, { hang: true }];
    const dead = agent.prompt(bench.turn(steps))[Symbol.asyncIterator]();
    let mark = '';
    for (let next = await dead.next(); next.done !== true && next.value.type !== 'text'; next = await dead.next()) {
      if (next.value.type === 'mark') ({ mark } = next.value);
      if (next.value.type !== 'permission') continue;
      await agent.answer?.(next.value.request.requestId, { behavior: 'allow', always: false });
    }
    const taken = await takeOver(mark);
    if (taken === null) throw new Error('It was not taken over.');
    const abort = new AbortController();
    const updates = await allOf(taken, taken.resume?.(bench.turn(steps, { signal: abort.signal })), ({ type }) => {
      if (type === 'text') abort.abort();
    });
    const { requestId } = ofType(updates, 'permission')[0]?.request ?? {};
    expect(requestId).toBeDefined();
    expect(ofType(updates, 'permission_over')).toEqual([{ type: 'permission_over', requestId }]);
    // What is its own of all that runs is not known after a takeover: it is ended.
    expect(endOf(updates)).toEqual({ outcome: 'aborted', receipt: { ended: 1, left: 0 } });
    await dead.return?.();
  });
});
