import { describe, expect, test } from 'vitest';
import { createDeadLoopJudge } from '../../../src/infrastructure/event-loop/dead-loop.js';

/** What a judge says of looks, each with the beats that it sees and the time since the one before. */
function judge(...looks: (readonly [beats: number, sinceMs: number])[]): boolean[] {
  const isDead = createDeadLoopJudge({ deadMs: 30_000, lookMs: 10_000 });
  let now = 5_000;
  return looks.map(([beats, sinceMs]) => {
    now += sinceMs;
    return isDead(beats, now);
  });
}

describe('a loop', () => {
  test('that has not shown that it lives for three looks is dead', () => {
    expect(judge([1, 0], [1, 10_000], [1, 10_001], [1, 10_002])).toEqual([false, false, false, true]);
  });

  test('that shows it at the last moment has the whole time again', () => {
    const looks = [
      [1, 0],
      [1, 10_000],
      [1, 10_000],
      [2, 10_000],
      [2, 10_000],
      [2, 10_000],
    ] as const;
    expect(judge(...looks)).toEqual(looks.map(() => false));
    expect(judge(...looks, [2, 10_000]).at(-1)).toBe(true);
  });

  test('has the whole time again after a look that was held up', () => {
    const stopped = [
      [1, 0],
      [1, 10_000],
      [1, 10_000],
      [1, 3_600_000],
      [1, 10_000],
      [1, 10_000],
    ] as const;
    expect(judge(...stopped)).toEqual(stopped.map(() => false));
    expect(judge(...stopped, [1, 10_000]).at(-1)).toBe(true);
  });

  test('is never dead by looks that come too early', () => {
    expect(judge([1, 0], [1, 10_000], [1, 10_000])).toEqual([false, false, false]);
  });
});
