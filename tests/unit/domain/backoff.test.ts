import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay } from '../../../src/domain/task/backoff.js';

const attempt = fc.integer({ min: 1, max: 2_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const backoff = fc.record({
  baseMs: fc.integer({ min: 0, max: 60_000 }),
  maxMs: fc.integer({ min: 0, max: 3_600_000 }),
});

describe('backoff', () => {
  it('is a whole number of milliseconds, never negative and never over its bounds', () => {
    fc.assert(
      fc.property(attempt, backoff, random, (n, bounds, share) => {
        const delay = backoffDelay(n, bounds, share);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(bounds.maxMs, bounds.baseMs * 2 ** Math.min(n - 1, 52)));
      }),
    );
  });

  it('doubles its longest delay with each attempt up to the cap', () => {
    const longest = [1, 2, 3, 4, 5, 6].map((n) => backoffDelay(n, { baseMs: 1_000, maxMs: 10_000 }, 0.999_999_999));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('may be nothing at all: the jitter is full', () => {
    expect(backoffDelay(10, { baseMs: 1_000, maxMs: 10_000 }, 0)).toBe(0);
  });
});
