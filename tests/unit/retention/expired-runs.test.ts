import { describe, expect, it } from 'vitest';
import { taskOfAttempt } from '../../../src/domain/task/attempt.js';
import { expiredRuns, type RunEnd } from '../../../src/domain/task/expired-runs.js';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const BEFORE = NOW - 90 * DAY;

function run(n: number, end: RunEnd, more: { bytes?: number; changedAt?: number; goes?: boolean } = {}) {
  return { attempt: `task_${String(n)}-1`, bytes: 10, changedAt: NOW - DAY, goes: false, end, ...more };
}

const gone = (runs: ReturnType<typeof run>[], maxBytes = Number.POSITIVE_INFINITY) =>
  expiredRuns(runs, { now: NOW, before: BEFORE, maxBytes }).map(({ attempt }) => attempt);

describe('outputs of attempts', () => {
  it('go with their task, once they are old', () => {
    const old = { changedAt: BEFORE - 1 };
    expect(gone([run(1, undefined, old), run(2, undefined), run(3, BEFORE - 5, { ...old, goes: true })])).toEqual([
      'task_1-1',
      'task_3-1',
    ]);
    expect(gone([run(1, null, old), run(2, BEFORE - 5, old)])).toEqual([]);
  });

  it('go by size, those that finished first, and never those of a task that has not finished', () => {
    const runs = [
      run(1, null, { bytes: 1_000 }),
      run(2, NOW - 2 * DAY),
      run(3, NOW - 3 * DAY),
      run(4, undefined),
      run(5, NOW - 1),
    ];
    expect(gone(runs, 1_040)).toEqual([]);
    expect(gone(runs, 1_039)).toEqual(['task_3-1']);
    expect(gone(runs, 1_029)).toEqual(['task_3-1', 'task_2-1']);
    // What has just finished may still be written to.
    expect(gone(runs, 0)).toEqual(['task_3-1', 'task_2-1', 'task_4-1']);
  });
});

it('the task of an attempt is in its name', () => {
  expect(taskOfAttempt('task_00000000001-12')).toBe('task_00000000001');
  for (const name of ['task_00000000001', 'task_00000000001-0', '..', 'x-1', 'task_00000000001-1/..']) {
    expect(taskOfAttempt(name)).toBeUndefined();
  }
});
