import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/domain/shared/change.js';
import { DomainError } from '../../../src/domain/shared/domain-error.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { isFinished, MAX_RUN_AT, type ProcessingTask, Task, type TaskStatus } from '../../../src/domain/task/task.js';
import * as transitions from '../../../src/domain/task/task-transitions.js';
import { expectWhole, type FunctionsOf, itFollows, type TransitionTable } from './transition-table.js';

const NOW = 1_800_000_000_000;
const AGENT = encodeId('agent', 1);
const POLICY = {
  server: { backoff: { kind: 'exponential', baseMs: 1_000, maxMs: 60_000 } },
  random: 0.5,
} as const;
const RESULT = { text: 'Done.', truncated: false, bytes: 5, exitCode: 0 };
const BOOM = { code: 'failed', message: 'Boom.' } as const;

const REQUEST: transitions.TaskRequest = {
  id: encodeId('task', 1),
  prompt: 'Do it.',
  agent: 'shell',
  workspaceId: encodeId('workspace', 1),
  workspace: '/one',
  priority: 0,
  runAt: NOW,
  maxAttempts: 2,
  timeoutMs: 1_000,
  after: [encodeId('task', 90)],
  onFailure: 'fail' as const,
  fallback: null,
  uniqueScope: null,
  group: null,
  deadline: null,
  retry: null,
  sessionId: null,
  unique: 'a key',
};

type Transition = Exclude<FunctionsOf<typeof transitions>, 'enqueue'>;

const TABLE: TransitionTable<Transition, TaskStatus> = {
  releaseDependency: {
    blocked: 'pending',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'refused',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  failDependency: {
    blocked: 'failed',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'refused',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  changeOwner: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'processing',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  makeDue: {
    blocked: 'refused',
    scheduled: 'pending',
    pending: 'refused',
    processing: 'refused',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  claim: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'processing',
    processing: 'refused',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  joinSession: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'processing',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  progress: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'processing',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  complete: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'completed',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  fail: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'scheduled',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  interrupt: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'pending',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  park: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'scheduled',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  reroute: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'pending',
    processing: 'refused',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  unpark: {
    blocked: 'refused',
    scheduled: 'pending',
    pending: 'refused',
    processing: 'refused',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  cancel: {
    blocked: 'cancelled',
    scheduled: 'cancelled',
    pending: 'cancelled',
    processing: 'cancelled',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  expire: {
    blocked: 'failed',
    scheduled: 'failed',
    pending: 'failed',
    processing: 'failed',
    completed: 'refused',
    failed: 'refused',
    cancelled: 'refused',
  },
  retry: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'refused',
    completed: 'refused',
    failed: 'pending',
    cancelled: 'pending',
  },
  discard: {
    blocked: 'refused',
    scheduled: 'refused',
    pending: 'refused',
    processing: 'refused',
    completed: 'refused',
    failed: 'failed',
    cancelled: 'cancelled',
  },
};

const LIMITED = { code: 'rate_limited', message: 'Five hours are used up.' } as const;

const APPLY: Record<Transition, (task: Task) => Change<Task, object>> = {
  releaseDependency: (task) => transitions.releaseDependency(task, NOW + 1),
  failDependency: (task) => transitions.failDependency(task, encodeId('task', 90), NOW + 1),
  makeDue: (task) => transitions.makeDue(task, NOW + 1),
  claim: (task) => transitions.claim(task, { agentId: AGENT, owner: 'server-1' }, NOW + 1),
  joinSession: (task) => transitions.joinSession(task, task.epoch, encodeId('session', 1)),
  progress: (task) => transitions.progress(task, task.epoch, { message: 'Half.', fraction: 0.5 }, NOW + 1),
  complete: (task) => transitions.complete(task, task.epoch, RESULT, NOW + 1),
  fail: (task) => transitions.fail(task, task.epoch, BOOM, POLICY, NOW + 1),
  interrupt: (task) => transitions.interrupt(task, task.epoch, 'Restart.', NOW + 1),
  changeOwner: (task) => transitions.changeOwner(task, task.epoch, 'server-2'),
  park: (task) => transitions.park(task, task.epoch, { error: LIMITED, until: NOW + 60_000 }, NOW + 1),
  unpark: (task) => transitions.unpark(task, 'answer', NOW + 1),
  reroute: (task) => transitions.reroute(task, 'codex', 'Five hours are used up.', NOW + 1),
  cancel: (task) => transitions.cancel(task, 'Never mind.', NOW + 1),
  expire: (task) => transitions.expire(task, NOW + 1),
  retry: (task) => transitions.retry(task, 0, NOW + 1),
  discard: (task) => transitions.discard(task, NOW + 1),
};

function is<S extends TaskStatus>(status: S, task: Task): Task & { status: S } {
  if (task.status !== status) throw new Error(`The sample is ${task.status}.`);
  return task as Task & { status: S };
}

const pending = is('pending', transitions.enqueue(REQUEST, 0, NOW).state);
const processing = is('processing', APPLY.claim(pending).state);
const SAMPLES = {
  blocked: is('blocked', transitions.enqueue(REQUEST, 1, NOW).state),
  scheduled: is('scheduled', transitions.enqueue({ ...REQUEST, runAt: NOW + 1_000 }, 0, NOW).state),
  pending,
  processing,
  completed: is('completed', APPLY.complete(processing).state),
  failed: is('failed', transitions.fail(processing, 1, { code: 'usage', message: 'No.' }, POLICY, NOW).state),
  cancelled: is('cancelled', APPLY.cancel(processing).state),
};

describe('a task', () => {
  itFollows(TABLE, { samples: SAMPLES, apply: APPLY, schema: Task });

  it('waits for what it was parked for without losing an attempt', () => {
    const { state, events } = transitions.park(processing, 1, { error: LIMITED, until: NOW + 60_000 }, NOW);
    expect(state).toMatchObject({ status: 'scheduled', attempts: 0, epoch: 1, runAt: NOW + 60_000, error: LIMITED });
    expect(events).toMatchObject([{ type: 'task.parked', data: { epoch: 1, ...LIMITED, runAt: NOW + 60_000 } }]);
    const forPerson = transitions.park(processing, 1, { error: LIMITED, until: null }, NOW).state;
    expect(forPerson.runAt).toBe(MAX_RUN_AT);
    expect(transitions.unpark(forPerson, 'answer', NOW + 5).state).toMatchObject({ status: 'pending', runAt: NOW + 5 });
  });

  it.each([
    ['pending', REQUEST, 0],
    ['scheduled', { ...REQUEST, runAt: NOW + 1 }, 0],
    ['blocked', REQUEST, 3],
    ['blocked', { ...REQUEST, runAt: NOW + 1 }, 1],
  ] as const)('is %s when it is enqueued so', (status, request, waitingFor) => {
    const { state, events } = transitions.enqueue(request, waitingFor, NOW);
    expect(state).toMatchObject({ ...request, status, attempts: 0, epoch: 0, createdAt: NOW });
    expectWhole(Task, state, events);
    expect(events).toMatchObject([{ type: 'task.enqueued', data: { status } }]);
  });

  it('stays blocked until the last task that it comes after has completed', () => {
    const blocked = transitions.enqueue(REQUEST, 2, NOW).state;
    const one = transitions.releaseDependency(blocked, NOW);
    expect(one).toMatchObject({ state: { status: 'blocked', waitingFor: 1 }, events: [] });
    const { state, events } = transitions.releaseDependency(one.state, NOW);
    expect(state.status).toBe('pending');
    expect(events).toMatchObject([{ type: 'task.unblocked', data: { by: 'dependencies', status: 'pending' } }]);
  });

  it('that is unblocked before its time waits for the time', () => {
    const blocked = transitions.enqueue({ ...REQUEST, runAt: NOW + 10 }, 1, NOW).state;
    expect(transitions.releaseDependency(blocked, NOW + 9).state.status).toBe('scheduled');
    expect(transitions.releaseDependency(blocked, NOW + 10).state.status).toBe('pending');
  });

  it('is blocked again when it is retried while what it comes after has not completed', () => {
    const { state, events } = transitions.retry(SAMPLES.failed, 2, NOW);
    expect(state).toMatchObject({ status: 'blocked', waitingFor: 2, attempts: 0, epoch: 1 });
    expectWhole(Task, state, events);
  });

  it('fails for good when its last attempt fails, and when another attempt cannot help', () => {
    const last: ProcessingTask = { ...processing, attempts: 2, epoch: 2 };
    const ended = transitions.fail(last, 2, BOOM, POLICY, NOW);
    expect(ended.state.status).toBe('failed');
    expectWhole(Task, ended.state, ended.events);
    for (const code of ['usage', 'cancelled', 'interrupted', 'dependency_failed'] as const) {
      expect(transitions.fail(processing, 1, { code, message: 'No.' }, POLICY, NOW).state.status).toBe('failed');
    }
    for (const code of ['failed', 'timeout', 'crashed'] as const) {
      const again = transitions.fail(processing, 1, { code, message: 'No.' }, POLICY, NOW).state;
      expect(again).toMatchObject({ status: 'scheduled', runAt: NOW + 500, attempts: 1 });
    }
  });

  it.each([
    ['progress', () => transitions.progress(processing, 2, { message: '', fraction: null }, NOW)],
    ['a session', () => transitions.joinSession(processing, 0, encodeId('session', 1))],
    ['completion', () => transitions.complete(processing, 0, RESULT, NOW)],
    ['failure', () => transitions.fail(processing, 2, BOOM, POLICY, NOW)],
    ['interruption', () => transitions.interrupt(processing, 2, 'Restart.', NOW)],
  ])('takes no %s from an attempt that is not running', (_, late) => {
    expect(late).toThrow(DomainError);
    expect(late).toThrow(/attempt \d is over, attempt 1 is running\.$/);
  });

  it('is never in a state that cannot be, on any walk, and never loses count of its attempts', () => {
    const names = Object.keys(APPLY) as Transition[];
    const step = fc.record({
      name: fc.constantFrom(...names),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
      code: fc.constantFrom('failed', 'timeout', 'crashed', 'usage'),
      waitingFor: fc.nat({ max: 2 }),
    });
    const start = fc.record({
      waitingFor: fc.nat({ max: 3 }),
      delay: fc.nat({ max: 5 }),
      maxAttempts: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 60 }), ({ waitingFor, delay, maxAttempts }, steps) => {
        const request = { ...REQUEST, maxAttempts, runAt: NOW + delay };
        let task: Task = transitions.enqueue(request, waitingFor, NOW).state;
        for (const { name, random, code, waitingFor: again } of steps) {
          const change = attempt(() => {
            if (name === 'fail') {
              return transitions.fail(task, task.epoch, { code, message: 'No.' }, { ...POLICY, random }, NOW);
            }
            return name === 'retry' ? transitions.retry(task, again, NOW) : APPLY[name](task);
          });
          if (change === undefined) continue;
          const { state, events } = change;
          expectWhole(Task, state, events);
          expect(state.attempts).toBeLessThanOrEqual(maxAttempts);
          expect(state.attempts).toBeLessThanOrEqual(state.epoch);
          expect(state.epoch - task.epoch).toBe(name === 'claim' ? 1 : 0);
          if (name === 'interrupt') expect(state.attempts).toBe(task.attempts - 1);
          expect(isFinished(state)).toBe(state.finishedAt !== null);
          expect(state).toMatchObject({ id: REQUEST.id, prompt: REQUEST.prompt, after: REQUEST.after, createdAt: NOW });
          task = state;
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** What comes of a transition, or undefined when it is refused. */
function attempt(decide: () => Change<Task, object>): Change<Task, object> | undefined {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid_transition') return undefined;
    throw error;
  }
}
