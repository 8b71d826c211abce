import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLoopWatch } from '../../../src/infrastructure/event-loop/loop-watch.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watch over a loop that does what the test says. */
function openWatch() {
  let now = 1_000;
  let busy = 100;
  const warnings: object[] = [];
  const watch = createLoopWatch({
    stopwatch: { elapsed: () => now, busy: () => busy },
    logger: { warn: (_message, details = {}) => warnings.push(details) },
  });
  return {
    watch,
    warnings,
    work: (ms: number) => {
      now += ms;
      busy += ms;
    },
    rest: (ms: number) => {
      now += ms;
    },
    look: () => vi.advanceTimersByTime(50),
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

test('a watch has a timer only from the first work until five seconds after the last', () => {
  using loop = openWatch();
  expect(vi.getTimerCount()).toBe(0);
  loop.watch.note('work');
  vi.advanceTimersByTime(4_000);
  loop.watch.note('work');
  vi.advanceTimersByTime(5_000);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
  loop.watch.note('work');
  expect(vi.getTimerCount()).toBe(1);
});

describe('a loop that is late', () => {
  test('by over 200 ms of work was blocked, which is logged once with what ran', () => {
    using loop = openWatch();
    loop.watch.note('task.list');
    loop.work(240);
    loop.watch.note('commit', 3);
    loop.work(30);
    loop.look();
    expect(loop.warnings).toEqual([
      {
        blockedMs: 220,
        ran: [
          { what: 'task.list', times: 1, ms: 240 },
          { what: 'commit (3)', times: 1, ms: 30 },
        ],
      },
    ]);
    loop.rest(50);
    loop.look();
    expect(loop.warnings).toHaveLength(1);
    const { p50Ms, p99Ms, maxMs, blocks } = loop.watch.delay();
    expect(blocks).toBe(1);
    expect(p50Ms).toBeLessThan(1);
    expect(p99Ms).toBeCloseTo(220, -1);
    expect(maxMs).toBeCloseTo(220, -1);
  });

  test('was blocked by what was noted before, if by nothing since', () => {
    using loop = openWatch();
    loop.watch.note('task.list');
    loop.rest(50);
    loop.look();
    loop.work(300);
    loop.look();
    expect(loop.warnings).toEqual([{ blockedMs: 250, ran: [{ what: 'task.list', times: 1, ms: 350 }] }]);
  });

  test('by less was not blocked', () => {
    using loop = openWatch();
    loop.watch.note('task.list');
    loop.work(249);
    loop.look();
    expect(loop.warnings).toEqual([]);
    expect(loop.watch.delay().maxMs).toBeCloseTo(199, -1);
  });

  test('because the process was stopped, or the machine slept, was not blocked', () => {
    using loop = openWatch();
    loop.watch.note('task.list');
    loop.work(3);
    loop.rest(3_600_000);
    loop.look();
    expect(loop.warnings).toEqual([]);
    expect(loop.watch.delay()).toMatchObject({ blocks: 0 });
    expect(loop.watch.delay().maxMs).toBeLessThan(4);
  });

  test('when it had no work is what nobody looked at', () => {
    using loop = openWatch();
    loop.work(5_000);
    loop.watch.note('task.list');
    loop.rest(50);
    loop.look();
    expect(loop.warnings).toEqual([]);
  });
});

test('a delay of nothing is none', () => {
  using loop = openWatch();
  expect(loop.watch.delay()).toEqual({ p50Ms: 0, p99Ms: 0, maxMs: 0, blocks: 0 });
});
