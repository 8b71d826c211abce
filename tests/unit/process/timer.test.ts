import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { timer } from '../../../src/infrastructure/system/timer.js';

const DAY_MS = 24 * 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('calls back once, after the delay', () => {
  const calls: number[] = [];
  timer(1_000, () => calls.push(performance.now()));
  vi.advanceTimersByTime(999);
  expect(calls).toHaveLength(0);
  vi.advanceTimersByTime(10_000);
  expect(calls).toHaveLength(1);
});

it('waits for a delay that is longer than setTimeout takes', () => {
  let called = 0;
  timer(60 * DAY_MS, () => {
    called += 1;
  });
  vi.advanceTimersByTime(60 * DAY_MS - 1);
  expect(called).toBe(0);
  vi.advanceTimersByTime(1);
  expect(called).toBe(1);
});

it('is called off, also when it waits for its second piece', () => {
  let called = 0;
  const callOff = timer(60 * DAY_MS, () => {
    called += 1;
  });
  vi.advanceTimersByTime(30 * DAY_MS);
  callOff();
  callOff();
  vi.advanceTimersByTime(60 * DAY_MS);
  expect(called).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

it.each([-5, 0])('calls back soon, never at once, after %i ms', (delayMs) => {
  let called = 0;
  timer(delayMs, () => {
    called += 1;
  });
  expect(called).toBe(0);
  vi.advanceTimersByTime(1);
  expect(called).toBe(1);
});
