import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Task, TaskStatus, UniqueScope, WaitingTask } from '../../../src/domain/task/task.js';
import {
  NONE_PASSED_OVER,
  type TaskCounts,
  type TaskReader,
  type WalkedTasks,
} from '../../../src/domain/task/task-repository.js';
import {
  cancel,
  claim,
  complete,
  fail,
  failDependency,
  interrupt,
  makeDue,
  park,
  releaseDependency,
  retry,
  unpark,
} from '../../../src/domain/task/task-transitions.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import {
  AGENT,
  addWorkspaces,
  claimed,
  insertAll,
  NOW,
  OTHER_WORKSPACE,
  OWNER,
  pendingTask,
  RESULT,
  taskId,
  WORKSPACE,
  waitingTask,
} from '../../support/storage-samples.js';

const POLICY = {
  server: { backoff: { kind: 'exponential', baseMs: 1_000, maxMs: 60_000 } },
  random: 0.5,
} as const;
const BOOM = { code: 'failed', message: 'Boom.' } as const;
const LIMITED = { code: 'rate_limited', message: 'Five hours are used up.' } as const;
const NO_TASKS: TaskCounts = {
  blocked: 0,
  scheduled: 0,
  pending: 0,
  processing: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
};

/** One path into each state, and one more wherever the columns that change differ. */
const PATHS: Record<string, readonly [WaitingTask, ...Task[]]> = (() => {
  const pending = pendingTask(1, { priority: 7, unique: 'a key' });
  const processing = claimed(pending);
  const blocked = waitingTask(1, { after: [taskId(90), taskId(80)] }, 2);
  const blockedOnOne = releaseDependency(blocked, NOW).state;
  const scheduled = waitingTask(1, { runAt: NOW + 5_000 });
  const attached: Task = { ...processing, sessionId: 'session_00000000001' };
  const parked = park(processing, 1, { error: LIMITED, until: null }, NOW + 9).state;
  const failed = fail(attached, 1, { code: 'usage', message: 'No such flag.' }, POLICY, NOW + 9).state;
  return {
    'pending from the start': [pending],
    'scheduled from the start': [scheduled],
    'blocked from the start': [blocked],
    'waiting for one less': [blocked, blockedOnOne],
    'pending when unblocked': [blocked, blockedOnOne, releaseDependency(blockedOnOne, NOW).state],
    'failed with a dependency': [blocked, failDependency(blocked, taskId(90), NOW).state],
    parked: [pending, processing, park(processing, 1, { error: LIMITED, until: NOW + 60_000 }, NOW + 9).state],
    'pending when unparked': [pending, processing, parked, unpark(parked, 'answer', NOW + 30).state],
    'pending when due': [scheduled, makeDue(scheduled, NOW + 5_000).state],
    processing: [pending, processing],
    'processing in a session': [pending, processing, attached],
    'pending when interrupted': [pending, attached, interrupt(attached, 1, 'Restart.', NOW + 9).state],
    'scheduled for a retry': [pending, attached, fail(attached, 1, BOOM, POLICY, NOW + 9).state],
    completed: [pending, attached, complete(attached, 1, RESULT, NOW + 9).state],
    failed: [pending, attached, failed],
    'pending on request': [pending, attached, failed, retry(failed, 0, NOW + 20).state],
    'blocked on request': [pending, attached, failed, retry(failed, 2, NOW + 20).state],
    'cancelled while blocked': [blocked, cancel(blocked, 'Never mind.', NOW + 9).state],
    'cancelled while scheduled': [scheduled, cancel(scheduled, 'Never mind.', NOW + 9).state],
    'cancelled while processing': [pending, attached, cancel(attached, 'Never mind.', NOW + 9).state],
  };
})();

async function save({ transaction }: OpenedStorage, ...states: Task[]): Promise<void> {
  await transaction(async ({ tasks }) => {
    for (const state of states) await tasks.save(state);
  });
}

describe.each(STORAGES)('tasks in $name', ({ open }) => {
  it.each(Object.entries(PATHS))('come back as they were saved: %s', async (_, [first, ...later]) => {
    await using storage = await open();
    await addWorkspaces(storage);
    await insertAll(storage, [first]);
    for (const state of later) await save(storage, state);
    const expected = later.at(-1) ?? first;
    expect(await storage.read(({ tasks }) => tasks.get(expected.id))).toEqual(expected);
    expect(await storage.read(({ tasks }) => tasks.list({ limit: 10 }))).toEqual([expected]);
    expect(await storage.transaction(({ tasks }) => tasks.get(expected.id))).toEqual(expected);
    expect(await storage.read(({ tasks }) => tasks.counts())).toEqual({ ...NO_TASKS, [expected.status]: 1 });
  });

  it('are saved several times within one transaction', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const pending = pendingTask(1);
    const processing = claimed(pending);
    const completed = complete(processing, 1, RESULT, NOW + 9).state;
    await storage.transaction(async ({ tasks }) => {
      await tasks.insert(pending);
      await tasks.save(processing);
      await tasks.save(completed);
      expect(await tasks.get(pending.id)).toEqual(completed);
      expect(await tasks.counts()).toEqual({ ...NO_TASKS, completed: 1 });
    });
    expect(await storage.read(({ tasks }) => tasks.counts())).toEqual({ ...NO_TASKS, completed: 1 });
  });

  it('that are not there are not found', async () => {
    await using storage = await open();
    const unknown = taskId(404);
    const missing = { code: 'not_found', message: `There is no task ${unknown}.` };
    await expect(storage.read(({ tasks }) => tasks.get(unknown))).rejects.toMatchObject(missing);
    await expect(storage.transaction(({ tasks }) => tasks.get(unknown))).rejects.toMatchObject(missing);
    await expect(save(storage, claimed(pendingTask(404)))).rejects.toMatchObject(missing);
    expect(await storage.read(({ tasks }) => tasks.find(unknown))).toBeUndefined();
    expect(await storage.transaction(({ tasks }) => tasks.find(unknown))).toBeUndefined();
  });

  it('are ready by priority, then runAt, then age', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const sample = fc.record({
      priority: fc.integer({ min: -2, max: 2 }),
      runAt: fc.integer({ min: NOW - 2, max: NOW }),
      workspaceId: fc.constantFrom(WORKSPACE, OTHER_WORKSPACE),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        async (requests, limit) => {
          const made = requests.map((request, n) => pendingTask(n + 1, request));
          await using fresh = await open();
          await addWorkspaces(fresh);
          await insertAll(fresh, made);
          const expected = [...made]
            .sort((a, b) => b.priority - a.priority || a.runAt - b.runAt || (a.id < b.id ? -1 : 1))
            .slice(0, limit);
          expect(await fresh.transaction(({ tasks }) => tasks.ready(limit, NONE_PASSED_OVER))).toEqual(expected);
          const earliest = made.length === 0 ? null : Math.min(...made.map(({ runAt }) => runAt));
          expect(await fresh.read(({ tasks }) => tasks.oldestPending())).toBe(earliest);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('are ready only outside of what is passed over, however many of that stand before them', async () => {
    const sample = fc.record({
      priority: fc.integer({ min: -1, max: 1 }),
      workspaceId: fc.constantFrom(WORKSPACE, OTHER_WORKSPACE),
      agent: fc.constantFrom('claude', 'codex'),
      fallback: fc.constantFrom(null, 'codex'),
      group: fc.constantFrom(null, 'deploy', 'review'),
    });
    const groupState = fc.constantFrom('let', 'over', 'in order', 'held');
    const except = fc.record({
      workspaces: fc.subarray([WORKSPACE, OTHER_WORKSPACE]),
      agents: fc.subarray(['claude', 'codex']),
      heldAgents: fc.subarray(['claude', 'codex']),
      /** Each group is let, passed over, goes in order, or is passed over but for one of its tasks. */
      groups: fc.record({ deploy: groupState, review: groupState }),
    });
    const isShut = (agents: string[], agent: string | null) => agent === null || agents.includes(agent);
    await using storage = await open();
    await addWorkspaces(storage);
    let used = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { maxLength: 90, size: 'max' }),
        except,
        fc.integer({ min: 1, max: 9 }),
        async (requests, { groups: states, ...rest }, limit) => {
          const made = requests
            .map((request) => pendingTask((used += 1), request))
            .sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
          const firstOf = (group: string | null) => made.find((task) => task.group === group);
          const lastOf = (group: string | null) => made.findLast((task) => task.group === group);
          const which = (...wanted: string[]) =>
            (['deploy', 'review'] as const).filter((group) => wanted.includes(states[group]));
          const passed = {
            ...rest,
            groups: which('over', 'held'),
            inOrder: which('in order'),
            holders: which('held').flatMap((group) => lastOf(group)?.id ?? []),
          };
          await insertAll(storage, made);
          const expected = made
            .filter(({ workspaceId }) => !passed.workspaces.includes(workspaceId))
            .filter(({ agent, fallback }) => {
              const shut = [...passed.agents, ...passed.heldAgents];
              return !passed.heldAgents.includes(agent) && (!isShut(shut, agent) || !isShut(shut, fallback));
            })
            .filter(({ id, group }) => {
              const state = group === 'deploy' || group === 'review' ? states[group] : 'let';
              if (state === 'in order') return firstOf(group)?.id === id;
              return state === 'held' ? lastOf(group)?.id === id : state === 'let';
            })
            .slice(0, limit);
          await storage.transaction(async ({ tasks }) => {
            expect(await tasks.ready(limit, passed)).toEqual(expected);
            for (const task of made) await tasks.save(cancel(task, 'Enough.', NOW).state);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gain a grade of priority with every so many milliseconds that they have been ready, where that is asked for', async () => {
    const AGING_MS = 10;
    const sample = fc.record({
      priority: fc.integer({ min: -2, max: 2 }),
      runAt: fc.integer({ min: NOW - 40, max: NOW }),
      group: fc.constantFrom(null, 'deploy'),
    });
    await using storage = await open();
    await addWorkspaces(storage);
    let used = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { maxLength: 60, size: 'max' }),
        fc.subarray(['deploy']),
        fc.integer({ min: 1, max: 9 }),
        async (requests, groups, limit) => {
          const made = requests.map((request) => pendingTask((used += 1), request));
          await insertAll(storage, made);
          const grades = ({ priority, runAt }: (typeof made)[number]) => priority * AGING_MS + NOW - runAt;
          const expected = made
            .filter(({ group }) => group === null || !groups.includes(group))
            .sort((a, b) => grades(b) - grades(a) || a.runAt - b.runAt || (a.id < b.id ? -1 : 1))
            .slice(0, limit);
          await storage.transaction(async ({ tasks }) => {
            expect(await tasks.ready(limit, { ...NONE_PASSED_OVER, groups }, AGING_MS)).toEqual(expected);
            for (const task of made) await tasks.save(cancel(task, 'Enough.', NOW).state);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('leave the ready ones when they are claimed', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const [first, second] = [pendingTask(1), pendingTask(2)];
    await insertAll(storage, [first, second]);
    await storage.transaction(async ({ tasks }) => {
      for (const task of await tasks.ready(1, NONE_PASSED_OVER)) await tasks.save(claimed(task));
      expect(await tasks.ready(10, NONE_PASSED_OVER)).toEqual([second]);
    });
    await save(storage, claimed(second));
    expect(await storage.transaction(({ tasks }) => tasks.ready(10, NONE_PASSED_OVER))).toEqual([]);
    expect(await storage.read(({ tasks }) => tasks.oldestPending())).toBeNull();
  });

  it('are due when their time has come, earliest first', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    expect(await storage.transaction(({ tasks }) => tasks.nextDue())).toBeNull();
    const at = (n: number, ms: number) => waitingTask(n, { runAt: NOW + ms });
    const [late, early, middle] = [at(1, 300), at(2, 100), at(3, 200)];
    await insertAll(storage, [late, early, middle, pendingTask(4)]);
    const due = (ms: number, limit: number) => storage.transaction(({ tasks }) => tasks.due(NOW + ms, limit));
    expect(await due(99, 10)).toEqual([]);
    expect(await due(200, 10)).toEqual([early, middle]);
    expect(await due(1_000, 2)).toEqual([early, middle]);
    expect(await storage.transaction(({ tasks }) => tasks.nextDue())).toBe(NOW + 100);
    await save(storage, makeDue(early, NOW + 100).state);
    expect(await storage.transaction(({ tasks }) => tasks.nextDue())).toBe(NOW + 200);
  });

  it('are overdue from their deadline on until they finish, earliest first', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const by = (n: number, ms: number) => pendingTask(n, { deadline: NOW + ms });
    const [late, early, running] = [by(1, 300), by(2, 100), by(3, 200)];
    await insertAll(storage, [late, early, running, pendingTask(4)]);
    await save(storage, claimed(running));
    const overdue = async (ms: number, limit = 10) =>
      (await storage.transaction(({ tasks }) => tasks.overdue(NOW + ms, limit))).map(({ id }) => id);
    const next = () => storage.transaction(({ tasks }) => tasks.nextDeadline());
    expect(await overdue(99)).toEqual([]);
    expect(await overdue(200)).toEqual([early.id, running.id]);
    expect(await overdue(900, 1)).toEqual([early.id]);
    await save(storage, cancel(early, 'Never mind.', NOW).state);
    expect(await next()).toBe(NOW + 200);
    await storage.transaction(({ tasks }) => tasks.saveOrder({ ...claimed(running), deadline: null }));
    expect(await next()).toBe(NOW + 300);
  });

  it('are saved in another order', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const [first, second] = [pendingTask(1), pendingTask(2)];
    await insertAll(storage, [first, second]);
    const changed = { ...first, status: 'scheduled', priority: 7, runAt: NOW + 9, deadline: NOW + 10 } as const;
    await storage.transaction(({ tasks }) => tasks.saveOrder(changed));
    expect(await storage.read(({ tasks }) => tasks.get(first.id))).toEqual(changed);
    expect(await storage.read(({ tasks }) => tasks.counts())).toEqual({ ...NO_TASKS, pending: 1, scheduled: 1 });
  });

  it('are abandoned when another server runs them', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const tasks = [1, 2, 3].map((n) => pendingTask(n));
    await insertAll(storage, tasks);
    const running = tasks.map((task, n) => claimed(task, n === 1 ? OWNER : 'a dead server'));
    await save(storage, ...running);
    const abandoned = (owner: string, limit: number) =>
      storage.transaction(async ({ tasks: store }) => (await store.abandoned(owner, limit)).map(({ id }) => id).sort());
    expect(await abandoned(OWNER, 10)).toEqual([taskId(1), taskId(3)]);
    expect(await abandoned(OWNER, 1)).toHaveLength(1);
    expect(await abandoned('a third server', 10)).toHaveLength(3);
  });

  it('name those that come after them while these are blocked', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const first = waitingTask(2, { after: [taskId(1)] }, 1);
    const second = waitingTask(3, { after: [taskId(9), taskId(1)] }, 2);
    await insertAll(storage, [pendingTask(1), first, second, waitingTask(4, { after: [taskId(9)] }, 1)]);
    const dependents = () => storage.transaction(({ tasks }) => tasks.dependents(taskId(1)));
    const fails = { onFailure: 'fail', sessionId: null };
    expect(await dependents()).toEqual([
      { task: first.id, waitingFor: 1, ...fails },
      { task: second.id, waitingFor: 2, ...fails },
    ]);
    await save(storage, releaseDependency(first, NOW).state);
    expect(await dependents()).toEqual([{ task: second.id, waitingFor: 2, ...fails }]);
    expect(await storage.transaction(({ tasks }) => tasks.dependents(taskId(404)))).toEqual([]);
  });

  it('know for each task that they come after whether they run without it', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const careless = waitingTask(
      3,
      { after: [taskId(2), taskId(1)], onFailure: 'run', sessionId: 'session_00000000007' },
      2,
    );
    const mixed = waitingTask(4, { after: [taskId(2), taskId(1)] }, 2);
    const said = [
      { task: taskId(2), onFailure: 'run' },
      { task: taskId(1), onFailure: 'fail' },
    ] as const;
    await insertAll(storage, [pendingTask(1), pendingTask(2), careless]);
    await storage.transaction(({ tasks }) => tasks.insert(mixed, said));
    const both = (id: number) => ({ task: taskId(id), onFailure: 'run' });
    const read = async <T>(work: (tasks: TaskReader) => Promise<T>): Promise<T> => {
      const committed = await storage.read(({ tasks }) => work(tasks));
      expect(await storage.transaction(({ tasks }) => work(tasks))).toEqual(committed);
      return committed;
    };
    expect(await read((tasks) => tasks.predecessors(taskId(3), 9))).toEqual([both(2), both(1)]);
    expect(await read((tasks) => tasks.predecessors(taskId(4), 9))).toEqual(said);
    expect(await read((tasks) => tasks.predecessors(taskId(4), 1))).toEqual(said.slice(0, 1));
    expect(await read((tasks) => tasks.successors(taskId(1), 9))).toEqual([
      both(3),
      { task: mixed.id, onFailure: 'fail' },
    ]);
    expect(await read((tasks) => tasks.successors(taskId(1), 1))).toEqual([both(3)]);
    expect(await read((tasks) => tasks.successors(taskId(4), 9))).toEqual([]);
    expect(await storage.transaction(({ tasks }) => tasks.dependents(taskId(1)))).toEqual([
      { ...both(3), waitingFor: 2, sessionId: 'session_00000000007' },
      { task: mixed.id, onFailure: 'fail', waitingFor: 2, sessionId: null },
    ]);
    await storage.transaction(({ tasks }) => tasks.waitFor(mixed.id, 1));
    expect(await storage.read(({ tasks }) => tasks.get(mixed.id))).toEqual({ ...mixed, waitingFor: 1 });
    await expect(storage.transaction(({ tasks }) => tasks.waitFor(taskId(1), 1))).rejects.toThrow();
  });

  it('tell their state without being read', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const pending = pendingTask(1);
    await insertAll(storage, [pending]);
    const statusOf = (n: number) => storage.transaction(({ tasks }) => tasks.statusOf(taskId(n)));
    expect(await statusOf(1)).toBe('pending');
    expect(await statusOf(404)).toBeUndefined();
    await storage.transaction(async ({ tasks }) => {
      await tasks.save(claimed(pending));
      expect(await tasks.statusOf(taskId(1))).toBe('processing');
    });
  });

  it.each([
    ['20 KB', 'x'.repeat(20_000)],
    ['20 KB of emoji', '🙂'.repeat(5_000)],
    ['a character that the cut would split', `${'x'.repeat(998)}🙂🙂`],
    ['exactly what a list shows', 'y'.repeat(1_000)],
    ['exactly what a list shows, ending as if it were cut', `${'y'.repeat(999)}…`],
    ['zero bytes and quotes', 'a\0b\'"; DROP TABLE task; --'],
    ['nothing', ''],
  ])('keep a prompt and a result of %s, and list them cut', async (_, text) => {
    await using storage = await open();
    await addWorkspaces(storage);
    const pending = pendingTask(1, { prompt: text });
    const processing = claimed(pending);
    const completed = complete(processing, 1, { ...RESULT, text }, NOW + 9).state;
    await insertAll(storage, [pending]);
    await save(storage, processing);
    expect(await storage.transaction(({ tasks }) => tasks.get(pending.id))).toEqual(processing);
    await save(storage, completed);
    expect(await storage.read(({ tasks }) => tasks.get(pending.id))).toEqual(completed);
    const [listed] = await storage.read(({ tasks }) => tasks.list({ limit: 1 }));
    expect(listed?.prompt.length).toBeLessThanOrEqual(1_000);
    expect(listed?.result?.text).toBe(listed?.prompt);
    if (text.length <= 1_000) expect(listed?.prompt).toBe(text);
    else expect(`${text}…`.startsWith(listed?.prompt.slice(0, -1) ?? '-')).toBe(true);
    // A half of a character would come back as U+FFFD.
    expect(Buffer.from(listed?.prompt ?? '').toString()).toBe(listed?.prompt);
  });

  it('are found by the request that made them, which makes one only', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await insertAll(storage, [pendingTask(1), pendingTask(2)]);
    const { transaction } = storage;
    await transaction(({ tasks }) => tasks.noteRequest('request 1', pendingTask(1).id));
    expect(await transaction(({ tasks }) => tasks.findByRequest('request 1'))).toEqual(pendingTask(1));
    expect(await transaction(({ tasks }) => tasks.findByRequest('request 2'))).toBeUndefined();
    await expect(transaction(({ tasks }) => tasks.noteRequest('request 1', pendingTask(2).id))).rejects.toThrow();
  });

  describe('with a unique key', () => {
    it('are found by it within its scope', async () => {
      await using storage = await open();
      await addWorkspaces(storage);
      const holder = pendingTask(1, { unique: 'nightly', uniqueScope: 'unfinished' });
      const find = () => storage.transaction(({ tasks }) => tasks.findByUnique('nightly', 'unfinished', NOW));
      expect(await find()).toBeUndefined();
      await insertAll(storage, [holder, pendingTask(2, { unique: 'weekly', uniqueScope: 'waiting' })]);
      expect(await find()).toEqual(holder);
      await save(storage, claimed(holder));
      expect(await find()).toEqual(claimed(holder));
      const inScope = async (scope: UniqueScope, now = NOW) =>
        (await storage.transaction(({ tasks }) => tasks.findByUnique('nightly', scope, now)))?.id;
      expect(await inScope('waiting')).toBeUndefined();
      const second = pendingTask(3, { unique: 'nightly' });
      await insertAll(storage, [second]);
      expect(await inScope('waiting')).toBe(second.id);
      expect(await inScope('unfinished')).toBe(second.id);
      await save(storage, cancel(second, 'Never mind.', NOW).state);
      await save(storage, complete(claimed(holder), 1, RESULT, NOW).state);
      expect(await find()).toBeUndefined();
      expect(await inScope({ periodMs: 10 }, NOW + 9)).toBe(second.id);
      expect(await inScope({ periodMs: 10 }, NOW + 10)).toBeUndefined();
    });
  });

  it('keep their attempts, oldest first', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const pending = pendingTask(1);
    const first = claimed(pending);
    const again = interrupt(first, 1, 'Restart.', NOW + 5).state;
    const second = claimed(again);
    const error = { code: 'interrupted', message: 'Restart.' } as const;
    const end = { outcome: 'interrupted', finishedAt: NOW + 5, exitCode: null, error } as const;
    await insertAll(storage, [pending]);
    await storage.transaction(async ({ tasks }) => {
      await tasks.openAttempt(first);
      await tasks.closeAttempt(first.id, 1, end);
      await tasks.openAttempt(second);
    });
    const begun = { agentId: AGENT, startedAt: NOW + 1, finishedAt: null, outcome: null, exitCode: null, error: null };
    const attempts = [
      { taskId: first.id, ...begun, epoch: 1, ...end },
      { taskId: first.id, ...begun, epoch: 2 },
    ];
    expect(await storage.read(({ tasks }) => tasks.attempts(first.id))).toEqual(attempts);
    expect(await storage.transaction(({ tasks }) => tasks.attempts(first.id))).toEqual(attempts);
    expect(await storage.read(({ tasks }) => tasks.attempts(taskId(404)))).toEqual([]);
    await expect(
      storage.transaction(({ tasks }) => tasks.closeAttempt(first.id, 3, { ...end, error: null })),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('know how many attempts before one were interrupted in a row, not counting what was put aside', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const ends = [
      ['failed', 'failed'],
      ['interrupted', 'interrupted'],
      ['interrupted', 'rate_limited'],
      ['interrupted', 'interrupted'],
      ['interrupted', 'crashed'],
      ['interrupted', 'interrupted'],
    ] as const;
    const task = claimed(pendingTask(1));
    await insertAll(storage, [pendingTask(1), pendingTask(2)]);
    await storage.transaction(async ({ tasks }) => {
      for (const [n, [outcome, code]] of ends.entries()) {
        await tasks.openAttempt({ ...task, epoch: n + 1 });
        const end = { outcome, finishedAt: NOW, exitCode: null, error: { code, message: 'So.' } };
        await tasks.closeAttempt(task.id, n + 1, end);
      }
      await tasks.openAttempt({ ...task, epoch: ends.length + 1 });
    });
    const inARow = (epoch: number, most: number) =>
      storage.transaction(({ tasks }) => tasks.interruptionsInARow(task.id, epoch, most));
    expect(await Promise.all([1, 2, 3, 4, 5, 7].map((epoch) => inARow(epoch, 20)))).toEqual([0, 0, 1, 0, 1, 3]);
    expect(await inARow(7, 2)).toBe(2);
    expect(await storage.transaction(({ tasks }) => tasks.interruptionsInARow(taskId(2), 1, 20))).toBe(0);
  });

  it('are listed newest first, page by page, by any filter', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const all = await insertOfEveryState(storage, 60);
    const pick = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const filter = fc.record({
      status: pick(Object.keys(NO_TASKS) as TaskStatus[]),
      workspaceId: pick([WORKSPACE, OTHER_WORKSPACE]),
      agent: pick(['shell', 'claude', 'nobody']),
    });
    await fc.assert(
      fc.asyncProperty(filter, fc.integer({ min: 1, max: 30 }), async (wanted, limit) => {
        const expected = all
          .filter(({ status }) => wanted.status === undefined || status === wanted.status)
          .filter(({ workspaceId }) => wanted.workspaceId === undefined || workspaceId === wanted.workspaceId)
          .filter(({ agent }) => wanted.agent === undefined || agent === wanted.agent)
          .reverse();
        const found: Task[] = [];
        for (;;) {
          const before = found.at(-1)?.id;
          const page = await storage.read(({ tasks }) => tasks.list({ ...wanted, before, limit }));
          expect(await storage.transaction(({ tasks }) => tasks.list({ ...wanted, before, limit }))).toEqual(page);
          found.push(...page);
          if (page.length < limit) break;
        }
        expect(found).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('are walked over in both orders, as far as the newest at the start, by any filter', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    const all = await insertOfEveryState(storage, 60);
    const pick = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
    const selection = fc.record({
      status: pick(Object.keys(NO_TASKS) as TaskStatus[]),
      unfinished: pick([true, false]),
      workspaceId: pick([WORKSPACE]),
      agent: pick(['shell']),
      group: pick(['builds']),
      code: pick(['failed', 'cancelled'] as const),
      olderThan: pick([NOW, NOW + 1, NOW + 2]),
    });
    const step = fc.record({
      order: fc.constantFrom('oldest', 'newest'),
      newest: fc.integer({ min: 1, max: 70 }),
      limit: fc.integer({ min: 1, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(selection, step, async (wanted, { order, newest, limit }) => {
        const expected = all
          .filter(({ id }) => id <= taskId(newest))
          .filter(({ status }) => wanted.status === undefined || status === wanted.status)
          .filter(({ finishedAt }) => wanted.unfinished !== true || finishedAt === null)
          .filter(({ workspaceId }) => wanted.workspaceId === undefined || workspaceId === wanted.workspaceId)
          .filter(({ agent }) => wanted.agent === undefined || agent === wanted.agent)
          .filter(({ group }) => wanted.group === undefined || group === wanted.group)
          .filter(({ error }) => wanted.code === undefined || error?.code === wanted.code)
          .filter((task) => wanted.olderThan === undefined || (task.finishedAt ?? task.createdAt) < wanted.olderThan)
          .map(({ id }) => id);
        const found: string[] = [];
        let from: Task['id'] | null = null;
        do {
          const next = { order, from, newest: taskId(newest), limit };
          const walked: WalkedTasks = await storage.read(({ tasks }) => tasks.walk(wanted, next));
          expect(await storage.transaction(({ tasks }) => tasks.walk(wanted, next))).toEqual(walked);
          found.push(...walked.ids);
          from = walked.next;
        } while (from !== null);
        expect(found).toEqual(order === 'oldest' ? expected : expected.reverse());
      }),
      { numRuns: 60 },
    );
  });

  it('are counted right after any run of changes, also those that are undone', async () => {
    const change = fc.record({ n: fc.integer({ min: 1, max: 12 }), move: fc.nat({ max: 7 }), undo: fc.boolean() });
    await using storage = await open();
    await addWorkspaces(storage);
    // Each history is about tasks of its own, in one storage: to open one takes longer than to play one.
    let used = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 20 }), async (transactions) => {
        const before = used;
        used += 12;
        await Promise.allSettled(
          transactions.map((changes) =>
            storage.transaction(async ({ tasks }) => {
              for (const { n, move } of changes) await moveOn(tasks, before + n, move);
              if (changes.some(({ undo }) => undo)) throw new Error('undone');
            }),
          ),
        );
        const listed = await storage.read(({ tasks }) => tasks.list({ limit: 1_000 }));
        const tally = { ...NO_TASKS };
        for (const { status } of listed) tally[status] += 1;
        expect(await storage.read(({ tasks }) => tasks.counts())).toEqual(tally);
        expect(await storage.transaction(({ tasks }) => tasks.counts())).toEqual(tally);
      }),
      { numRuns: 25 },
    );
  });
});

type TaskStore = Parameters<Parameters<OpenedStorage['transaction']>[0]>[0]['tasks'];

/** Inserts the task, or moves it on in one of the ways that its state allows. */
async function moveOn(tasks: TaskStore, n: number, move: number): Promise<void> {
  const task = await tasks.find(taskId(n));
  if (task === undefined) {
    const request = move % 3 === 0 ? { runAt: NOW + 5 } : move % 3 === 1 ? { after: [taskId(9_999)] } : {};
    await tasks.insert(waitingTask(n, request, move % 3 === 1 ? 1 : 0));
    return;
  }
  const options: Task[] = [];
  const { epoch } = task;
  if (task.status === 'pending') options.push(claim(task, { agentId: AGENT, owner: OWNER }, NOW).state);
  if (task.status === 'scheduled') options.push(makeDue(task, NOW).state);
  if (task.status === 'blocked') options.push(releaseDependency(task, NOW).state);
  if (task.status === 'processing') {
    options.push(complete(task, epoch, RESULT, NOW).state, fail(task, epoch, BOOM, POLICY, NOW).state, task);
    options.push(interrupt(task, epoch, 'Restart.', NOW).state);
  }
  if (task.status === 'failed' || task.status === 'cancelled')
    options.push(retry(task, 0, NOW).state, retry(task, 1, NOW).state);
  else if (task.status !== 'completed') options.push(cancel(task, 'Never mind.', NOW).state);
  const next = options[move % Math.max(1, options.length)];
  if (next !== undefined) await tasks.save(next);
}

/** Tasks of every state, both workspaces and two agents, in the order of their ids. */
async function insertOfEveryState(storage: OpenedStorage, count: number): Promise<Task[]> {
  const all: Task[] = [];
  const paths = Object.values(PATHS);
  for (let n = 1; n <= count; n += 1) {
    const path = paths[n % paths.length];
    if (path === undefined) throw new Error('There are paths.');
    const own = {
      id: taskId(n),
      unique: null,
      workspaceId: n % 3 === 0 ? OTHER_WORKSPACE : WORKSPACE,
      workspace: n % 3 === 0 ? '/two' : '/one',
      agent: n % 4 === 0 ? 'claude' : 'shell',
      group: n % 5 === 0 ? 'builds' : null,
    } as const;
    const [first, ...later] = path;
    await insertAll(storage, [{ ...first, ...own }]);
    for (const state of later) await save(storage, { ...state, ...own });
    all.push({ ...(later.at(-1) ?? first), ...own });
  }
  return all;
}
