import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClaimTasks } from '../../../src/application/task/claim-tasks.js';
import { createReleaseDueTasks } from '../../../src/application/task/release-due-tasks.js';
import { type QueueLimit, type QueuePart, unlimited } from '../../../src/domain/queue-limit/queue-limit.js';
import type { Timestamp } from '../../../src/domain/shared/timestamp.js';
import { isFinished, type PendingTask, type ProcessingTask, type Task } from '../../../src/domain/task/task.js';
import { cancel, complete, fail, interrupt, park } from '../../../src/domain/task/task-transitions.js';
import { OWN_ACCOUNTS } from '../../support/application.js';
import { openSlots } from '../../support/claims.js';
import { type OpenedStorage, openTemporaryStorage } from '../../support/storage.js';
import { addWorkspaces, NOW, OTHER_WORKSPACE, pendingTask, RESULT, WORKSPACE } from '../../support/storage-samples.js';

const DAY_MS = 24 * 3_600_000;
const MAX_TASKS = 30;
const PLACES = 5;

const PARTS: readonly QueuePart[] = [
  ...(['claude', 'codex'] as const).map((name) => ({ kind: 'agent', name }) as const),
  ...[WORKSPACE, OTHER_WORKSPACE].map((name) => ({ kind: 'workspace', name }) as const),
  ...(['deploy', 'review'] as const).map((name) => ({ kind: 'group', name }) as const),
];

const asked = fc.record({
  agent: fc.constantFrom('claude', 'codex', 'shell'),
  fallback: fc.constantFrom(null, 'codex', 'shell'),
  workspaceId: fc.constantFrom(WORKSPACE, OTHER_WORKSPACE),
  group: fc.constantFrom(null, 'deploy', 'review', 'docs'),
  priority: fc.integer({ min: 0, max: 1 }),
});

const limit = fc.record({
  part: fc.constantFrom(...PARTS),
  paused: fc.boolean(),
  max: fc.option(fc.integer({ min: 1, max: 3 })),
  rate: fc.option(fc.record({ count: fc.integer({ min: 1, max: 3 }), periodMs: fc.constantFrom(5, 50, 1_000) })),
  exclusive: fc.boolean(),
});

const step = fc.record({
  end: fc.constantFrom('complete', 'complete', 'fail', 'retry', 'interrupt', 'park'),
  which: fc.nat({ max: PLACES }),
  passes: fc.constantFrom(0, 1, 7, 60),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const isOf = ({ kind, name }: QueuePart, task: Pick<Task, 'agent' | 'workspaceId' | 'group'>) =>
  kind === 'agent' ? task.agent === name : kind === 'workspace' ? task.workspaceId === name : task.group === name;

const byOrder = (one: Task, other: Task) =>
  other.priority - one.priority || one.runAt - other.runAt || (one.id < other.id ? -1 : 1);

/** The queue on a real file under a clock that the test moves, and what the limits must make of it, said another way. */
function openQueue(storage: OpenedStorage) {
  const slots = openSlots(PLACES);
  const tasks = new Map<string, Task>();
  const starts: { readonly task: ProcessingTask; readonly at: Timestamp }[] = [];
  let limits: QueueLimit[] = [];
  let now = NOW;
  let closed: string | null = null;
  const needs = { transaction: storage.transaction, clock: () => now, profiles: OWN_ACCOUNTS, settings: { tasks: {} } };
  const claim = createClaimTasks(needs);
  const release = createReleaseDueTasks(needs);

  const all = () => [...tasks.values()];
  const running = () => all().filter((task): task is ProcessingTask => task.status === 'processing');
  const hasBegun = (task: Task) => task.epoch > 0 && !isFinished(task);

  function couldGo(task: Task): task is PendingTask {
    if (task.status !== 'pending') return false;
    const mine = limits.filter((one) => isOf(one, task));
    if (mine.some(({ paused }) => paused)) return false;
    if (mine.some(({ kind, exclusive }) => kind === 'group' && exclusive) && !isNextOf(task.group, task)) return false;
    const taker = task.agent === closed ? task.fallback : task.agent;
    if (taker === null || taker === closed) return false;
    return limits.filter((one) => isOf(one, { ...task, agent: taker })).every((one) => hasRoom(one));
  }

  function hasRoom(one: QueueLimit): boolean {
    if (one.paused || (one.max !== null && running().filter((task) => isOf(one, task)).length >= one.max)) return false;
    const { rate } = one;
    if (rate === null) return true;
    return starts.filter(({ task, at }) => isOf(one, task) && at > now - rate.periodMs).length < rate.count;
  }

  function isNextOf(group: string | null, task: Task): boolean {
    const ofGroup = all().filter((other) => other.group === group);
    if (ofGroup.some((other) => other.status === 'processing' || (other.status === 'scheduled' && other.epoch > 0)))
      return false;
    const begun = ofGroup.filter(hasBegun);
    const [next] = (begun.length > 0 ? begun : ofGroup.filter(({ status }) => status === 'pending')).sort(byOrder);
    return next?.id === task.id;
  }

  function check(): void {
    for (const one of limits) {
      const { max, rate } = one;
      if (max !== null) expect(running().filter((task) => isOf(one, task)).length).toBeLessThanOrEqual(max);
      const begun = starts.filter(({ task }) => isOf(one, task));
      if (rate !== null) {
        for (const { at } of begun) {
          expect(begun.filter((other) => other.at >= at && other.at < at + rate.periodMs).length).toBeLessThanOrEqual(
            rate.count,
          );
        }
      }
      if (one.exclusive)
        expect(all().filter((task) => isOf(one, task) && hasBegun(task)).length).toBeLessThanOrEqual(1);
    }
  }

  const save = (change: (task: ProcessingTask) => { state: Task }, task: ProcessingTask) =>
    storage.transaction(async ({ tasks: store }) => {
      const { state } = change(task);
      await store.save(state);
      tasks.set(state.id, state);
      slots.give();
    });

  return {
    running,
    slots,
    tryClaim: () => claim(slots, 'server-1'),
    left: () => all().filter((task) => !isFinished(task)),
    async enqueue(made: readonly PendingTask[]) {
      await storage.transaction(async ({ tasks: store }) => {
        for (const task of made) await store.insert(task);
      });
      for (const task of made) tasks.set(task.id, task);
    },
    async limit(set: readonly QueueLimit[], account: string | null) {
      limits = [...set];
      closed = account;
      await storage.transaction(async ({ queueLimits, limits: gates }) => {
        for (const part of PARTS) await queueLimits.remove(part);
        for (const one of set) await queueLimits.save(one);
        const common = {
          kind: 'usage',
          reason: 'Used up.',
          since: NOW,
          closedAt: NOW,
          strikes: 0,
          probe: null,
        } as const;
        if (account === null) await gates.remove('claude');
        else await gates.save({ account, closedUntil: NOW + 100 * DAY_MS, ...common });
      });
    },
    /** Takes off all that keeps tasks waiting for good; the counts go on. */
    async open() {
      limits = limits.map((one) => ({ ...one, paused: false }));
      closed = null;
      await storage.transaction(async ({ queueLimits, limits: gates }) => {
        for (const one of limits) await queueLimits.save(one);
        await gates.remove('claude');
      });
    },
    /** Claims, and finds nobody left that could have been taken as well. */
    async claim() {
      const { tasks: claimed, opensAt } = await claim(slots, 'server-1');
      for (const task of claimed) {
        tasks.set(task.id, task);
        starts.push({ task, at: now });
      }
      check();
      if (slots.free() > 0) expect(all().filter(couldGo)).toEqual([]);
      return { claimed, opensAt };
    },
    async end({ end, which }: Pick<Step, 'end' | 'which'>) {
      const task = running()[which % Math.max(1, running().length)];
      if (task === undefined) return;
      const policy = { server: { backoff: { kind: 'exponential', baseMs: 20, maxMs: 100 } }, random: 0.5 } as const;
      await save((one) => {
        if (end === 'interrupt') return interrupt(one, one.epoch, 'Why not.', now);
        if (end === 'park')
          return park(one, one.epoch, { error: { code: 'parked', message: 'Asks.' }, until: now + 30 }, now);
        const code = end === 'retry' ? 'failed' : 'usage';
        if (end !== 'complete') return fail(one, one.epoch, { code, message: 'Boom.' }, policy, now);
        return complete(one, one.epoch, RESULT, now);
      }, task);
    },
    async pass(ms: number) {
      now += ms;
      const next = await release();
      const store = storage.read;
      for (const { id } of all()) tasks.set(id, await store(({ tasks: kept }) => kept.get(id)));
      return next;
    },
    now: () => now,
    async clear() {
      await storage.transaction(async ({ tasks: store, queueLimits, limits: gates }) => {
        for (const task of all()) if (!isFinished(task)) await store.save(cancel(task, 'Over.', now).state);
        for (const part of PARTS) await queueLimits.remove(part);
        await gates.remove('claude');
      });
    },
  };
}

/** A queue of tasks of the group `deploy`, under one limit of it. */
async function openDeploys(storage: OpenedStorage, count: number, bounds: Partial<QueueLimit>) {
  await addWorkspaces(storage);
  const queue = openQueue(storage);
  await queue.limit([{ ...unlimited({ kind: 'group', name: 'deploy' }), ...bounds } as QueueLimit], null);
  await queue.enqueue(Array.from({ length: count }, (_, n) => pendingTask(n + 1, { group: 'deploy' })));
  return queue;
}

describe('claims under limits', () => {
  it('keep a rate when the clock is set a day on, and a day back: the window begins anew, and never lasts longer', async () => {
    await using storage = await openTemporaryStorage();
    const queue = await openDeploys(storage, 9, { rate: { count: 2, periodMs: 60_000 } });
    const take = async () => {
      const { claimed, opensAt } = await queue.claim();
      return [claimed.length, opensAt === null ? null : opensAt - queue.now()];
    };
    expect(await take()).toEqual([2, 60_000]);
    await queue.pass(59_999);
    expect(await take()).toEqual([0, 1]);
    await queue.pass(DAY_MS);
    expect(await take()).toEqual([2, 60_000]);
    await queue.pass(1_000 - DAY_MS);
    expect(await take()).toEqual([0, 60_000]);
    await queue.pass(59_999);
    expect(await take()).toEqual([0, 1]);
    await queue.pass(1);
    // One place is left.
    expect((await take())[0]).toBe(1);
  });

  it('let no other task of an exclusive group go while an agent of it is still being ended', async () => {
    await using storage = await openTemporaryStorage();
    const queue = await openDeploys(storage, 2, { exclusive: true });
    queue.slots.ending.push('deploy');
    expect((await queue.tryClaim()).tasks).toEqual([]);
    queue.slots.ending.pop();
    expect((await queue.claim()).claimed).toHaveLength(1);
  });

  it('never exceed one, leave nobody waiting who could go, and let everything finish in the end', async () => {
    await using storage = await openTemporaryStorage();
    await addWorkspaces(storage);
    let used = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(asked, { minLength: 3, maxLength: MAX_TASKS, size: 'max' }),
        fc.uniqueArray(limit, { maxLength: 5, size: 'max', selector: ({ part }) => `${part.kind} ${part.name}` }),
        fc.boolean(),
        fc.array(step, { maxLength: 12, size: 'max' }),
        async (requests, set, isClosed, steps) => {
          const queue = openQueue(storage);
          const limits = set.map(({ part, ...bounds }): QueueLimit => {
            return { ...unlimited(part), ...bounds, exclusive: bounds.exclusive && part.kind === 'group' };
          });
          await queue.limit(limits, isClosed ? 'claude' : null);
          await queue.enqueue(requests.map((request) => pendingTask((used += 1), request)));
          for (const { passes, ...one } of steps) {
            await queue.claim();
            await queue.end(one);
            await queue.pass(passes);
          }
          await queue.open();
          // Each round a task starts, or ends, or time comes nearer to where one can; three rounds for each is more than enough.
          for (let round = 0; queue.left().length > 0; round += 1) {
            expect(round).toBeLessThan(4 * MAX_TASKS);
            const { opensAt } = await queue.claim();
            if (queue.running().length === 0) {
              const next = (await queue.pass(0)) ?? Infinity;
              const until = Math.min(next, opensAt ?? Infinity);
              // One that waits for its next attempt may hold the group of all others.
              if (until < Infinity) await queue.pass(Math.max(0, until - queue.now()));
            } else {
              while (queue.running().length > 0) await queue.end({ end: 'complete', which: 0 });
            }
          }
          await queue.clear();
        },
      ),
      { numRuns: 40 },
    );
  });
});
