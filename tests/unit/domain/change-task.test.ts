import { describe, expect, it } from 'vitest';
import { changeTask } from '../../../src/domain/task/change-task.js';
import { cancel, park } from '../../../src/domain/task/task-transitions.js';
import { claimed, NOW, pendingTask, waitingTask } from '../../support/storage-samples.js';

const LIMIT = { code: 'rate_limited', message: 'Until five.' } as const;

describe('changing a task', () => {
  it('moves one that waits to its new time, or makes it ready', () => {
    const later = changeTask(pendingTask(1), { runAt: NOW + 10 }, NOW);
    expect(later.state).toMatchObject({ status: 'scheduled', runAt: NOW + 10, priority: 0 });
    expect(changeTask(later.state, { priority: 5 }, NOW).state).toMatchObject({ status: 'scheduled', priority: 5 });
    const { state, events } = changeTask(later.state, { runAt: NOW, deadline: NOW + 5 }, NOW);
    expect(state).toMatchObject({ status: 'pending', runAt: NOW, deadline: NOW + 5 });
    const data = { status: 'pending', priority: 0, runAt: NOW, deadline: NOW + 5 };
    expect(events).toEqual([{ type: 'task.changed', at: NOW, taskId: state.id, data }]);
    expect(changeTask(state, { deadline: null }, NOW).state.deadline).toBeNull();
  });

  it('leaves a blocked one blocked', () => {
    expect(changeTask(waitingTask(1, {}, 2), { runAt: NOW + 10, priority: 1 }, NOW).state).toMatchObject({
      status: 'blocked',
      waitingFor: 2,
      runAt: NOW + 10,
      priority: 1,
    });
  });

  it('changes nothing but the deadline of one that runs', () => {
    const running = claimed(pendingTask(1));
    expect(changeTask(running, { deadline: NOW + 5 }, NOW + 2).state).toEqual({ ...running, deadline: NOW + 5 });
    expect(() => changeTask(running, { priority: 1 }, NOW)).toThrow('it runs already');
  });

  it.each([
    ['one that has finished', cancel(pendingTask(1), 'No.', NOW).state, { priority: 1 }, 'it is cancelled'],
    ['a deadline that has passed', pendingTask(1), { deadline: NOW }, 'choose a later one'],
    ['a deadline before its time', pendingTask(1), { runAt: NOW + 9, deadline: NOW + 9 }, 'choose a later one'],
    ['a time after its deadline', pendingTask(1, { deadline: NOW + 5 }), { runAt: NOW + 9 }, 'choose a later one'],
    [
      'the time of one that waits for a limit',
      park(claimed(pendingTask(1)), 1, { error: LIMIT, until: NOW + 9 }, NOW).state,
      { runAt: NOW },
      'Until five.',
    ],
  ])('refuses %s', (_what, task, wanted, message) => {
    expect(() => changeTask(task, wanted, NOW)).toThrow(message);
  });
});
