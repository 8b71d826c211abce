import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backoff, backoffDelay, MAX_RETRY_DELAY_MS } from '../../../src/domain/task/backoff.js';

const failure = fc.integer({ min: 1, max: 2_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const delay = fc.integer({ min: 0, max: MAX_RETRY_DELAY_MS });
const doubling = fc
  .tuple(delay, delay)
  .map(([one, other]) => ({ kind: 'exponential', baseMs: Math.min(one, other), maxMs: Math.max(one, other) }) as const);

describe('an exponential backoff', () => {
  it('is a whole number of milliseconds, never negative and never over its bounds', () => {
    fc.assert(
      fc.property(failure, doubling, random, (n, backoff, share) => {
        const waited = backoffDelay(n, Backoff.parse(backoff), share);
        expect(Number.isInteger(waited)).toBe(true);
        expect(waited).toBeGreaterThanOrEqual(0);
        expect(waited).toBeLessThanOrEqual(Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(n - 1, 52)));
      }),
    );
  });

  it('doubles its longest delay with each failure up to the cap', () => {
    const backoff = { kind: 'exponential', baseMs: 1_000, maxMs: 10_000 } as const;
    const longest = [1, 2, 3, 4, 5, 6].map((n) => backoffDelay(n, backoff, 0.999_999_999));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('may be nothing at all: the jitter is full', () => {
    expect(backoffDelay(10, { kind: 'exponential', baseMs: 1_000, maxMs: 10_000 }, 0)).toBe(0);
  });
});

it('waits exactly what a fixed delay and a list say, whose last delay goes on', () => {
  fc.assert(
    fc.property(failure, fc.array(delay, { minLength: 1, maxLength: 100 }), random, (n, delaysMs, share) => {
      const [delayMs = 0] = delaysMs;
      expect(backoffDelay(n, { kind: 'fixed', delayMs }, share)).toBe(delayMs);
      expect(backoffDelay(n, { kind: 'list', delaysMs }, share)).toBe(delaysMs[n - 1] ?? delaysMs.at(-1));
    }),
  );
});

it.each([
  { kind: 'fixed', delayMs: -1 },
  { kind: 'fixed', delayMs: MAX_RETRY_DELAY_MS + 1 },
  { kind: 'list', delaysMs: [] },
  { kind: 'list', delaysMs: Array<number>(101).fill(1) },
  { kind: 'exponential', baseMs: 2, maxMs: 1 },
  { kind: 'exponential', baseMs: 0.5, maxMs: 1 },
])('refuses %j with one sentence', (backoff) => {
  const { success, error } = Backoff.safeParse(backoff);
  expect(success).toBe(false);
  expect(error?.issues).toHaveLength(1);
  expect(error?.issues[0]?.message).toMatch(/^(A delay|A list|It) must .*\.$/);
});
