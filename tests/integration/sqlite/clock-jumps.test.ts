import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../src/application/agent/attempt-lease.js';
import type { TaskId } from '../../../src/domain/shared/id.js';
import { openApplication } from '../../support/application.js';
import { openTemporaryStorage } from '../../support/storage.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A queue on a real file, with room for so many agents, that has begun. */
async function openQueue(agents: number) {
  const storage = await openTemporaryStorage();
  const opened = openApplication({ storage, pool: { max: agents, maxPerWorkspace: agents } });
  opened.start();
  return {
    ...opened,
    [Symbol.asyncDispose]: async () => {
      await opened[Symbol.asyncDispose]();
      await storage[Symbol.asyncDispose]();
    },
  };
}

type Queue = Awaited<ReturnType<typeof openQueue>>;

/** Lets time pass for the timers, and then all that they ask for be done: release, claim, start of the agent. */
async function pass({ time, transaction }: Queue, ms: number): Promise<void> {
  time.advance(ms);
  for (let n = 0; n < 10; n += 1) await transaction(() => Promise.resolve());
}

const statusOf = async ({ app }: Queue, taskId: TaskId) => (await app.getTask({ taskId })).status;

async function countOf({ eventLog }: Queue, type: string): Promise<number> {
  return (await eventLog.after(0, 10_000)).filter((event) => event.type === type).length;
}

describe.each([
  ['a day forward', DAY_MS],
  ['a day back', -DAY_MS],
])('a clock that jumps %s', (_what, jump) => {
  it('ends no attempt, takes no claim away, and is no reason to do anything twice', async () => {
    await using queue = await openQueue(3);
    const { app, enqueue, runtime, time, until } = queue;
    const ids: TaskId[] = [];
    for (const prompt of ['a', 'b', 'c']) ids.push((await enqueue(prompt, { timeoutMs: HOUR_MS })).id);
    const turns = [await runtime.nextTurn(), await runtime.nextTurn(), await runtime.nextTurn()];
    time.jump(jump);
    // Short of the time limit and its grace, by what can be measured without a clock.
    for (let minute = 0; minute < (HOUR_MS + LEASE_MS) / MINUTE_MS - 1; minute += 1) await pass(queue, MINUTE_MS);
    expect(await app.queueStats()).toMatchObject({ processing: 3, pending: 0, failed: 0 });
    expect(runtime.open.size).toBe(3);
    for (const turn of turns) turn.complete();
    for (const id of ids) expect(await until(id, 'completed')).toMatchObject({ attempts: 1, epoch: 1 });
    for (const type of ['task.interrupted', 'task.retried', 'task.failed']) expect(await countOf(queue, type)).toBe(0);
  });

  it('leaves the queue at work: what is new starts at once, and what is delayed in its time', async () => {
    await using queue = await openQueue(1);
    const { enqueue, runtime, time } = queue;
    time.jump(jump);
    await enqueue('new');
    (await runtime.nextTurn()).complete();
    const delayed = await enqueue('delayed', { delayMs: 5_000 });
    await pass(queue, 4_999);
    expect(await statusOf(queue, delayed.id)).toBe('scheduled');
    await pass(queue, 1);
    const turn = await runtime.nextTurn();
    expect(turn.prompt).toBe('delayed');
    turn.fail();
    // The backoff of a first failure is a second at most.
    await queue.until(delayed.id, 'scheduled');
    await pass(queue, 1_000);
    expect((await runtime.nextTurn()).attempt).toBe(`${delayed.id}-2`);
  });
});

it('a clock that jumps a day back releases nothing before its time', async () => {
  await using queue = await openQueue(8);
  const { app, enqueue, runtime, time } = queue;
  for (let n = 0; n < 5; n += 1)
    await enqueue('in an hour', { delayMs: HOUR_MS, deadline: time.clock() + 2 * HOUR_MS });
  time.jump(-DAY_MS);
  for (let minute = 0; minute < 30; minute += 1) await pass(queue, MINUTE_MS);
  expect(await app.queueStats()).toMatchObject({ scheduled: 5, processing: 0, failed: 0 });
  time.jump(DAY_MS);
  for (let minute = 0; minute < 31; minute += 1) await pass(queue, MINUTE_MS);
  expect(runtime.open.size).toBe(5);
  expect(await countOf(queue, 'task.unblocked')).toBe(5);
});

it('a clock that jumps a day forward releases each due task once, and fails what has missed its deadline alone', async () => {
  await using queue = await openQueue(8);
  const { app, enqueue, runtime, time } = queue;
  const now = time.clock();
  for (let n = 0; n < 5; n += 1) await enqueue('due', { delayMs: HOUR_MS });
  const later = await enqueue('in two days', { delayMs: 2 * DAY_MS, deadline: now + 3 * DAY_MS });
  const missed = await enqueue('missed', { delayMs: HOUR_MS, deadline: now + 2 * HOUR_MS });
  time.jump(DAY_MS);
  await pass(queue, MINUTE_MS);
  await pass(queue, MINUTE_MS);
  expect([...runtime.open].map(({ prompt }) => prompt)).toEqual(Array.from({ length: 5 }, () => 'due'));
  expect(await app.getTask({ taskId: missed.id })).toMatchObject({ status: 'failed', error: { code: 'deadline' } });
  expect(await statusOf(queue, later.id)).toBe('scheduled');
  expect(await countOf(queue, 'task.unblocked')).toBe(5);
  expect(await countOf(queue, 'task.failed')).toBe(1);
});
