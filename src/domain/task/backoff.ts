import { z } from 'zod';

/** Longest delay before a next attempt: a year, in milliseconds. Longer is a mistake in units. */
export const MAX_RETRY_DELAY_MS = 365 * 24 * 3_600_000;
/** Most delays of a list: as many as there may be attempts. */
const MAX_RETRY_DELAYS = 100;

const DELAY = `A delay must be a whole number of milliseconds from 0 to ${String(MAX_RETRY_DELAY_MS)}.`;
export const RetryDelay = z.int(DELAY).min(0, DELAY).max(MAX_RETRY_DELAY_MS, DELAY);

const LIST = `A list must have from 1 to ${String(MAX_RETRY_DELAYS)} delays.`;

/**
 * How long to wait before the next attempt, in milliseconds: a share of a ceiling that doubles from `baseMs` to `maxMs`;
 * always the same; or one after the other of a list, whose last one goes on.
 */
export const Backoff = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('exponential'), baseMs: RetryDelay, maxMs: RetryDelay })
    .refine(({ baseMs, maxMs }) => baseMs <= maxMs, { path: ['maxMs'], message: 'It must not be less than baseMs.' }),
  z.strictObject({ kind: z.literal('fixed'), delayMs: RetryDelay }),
  z.strictObject({ kind: z.literal('list'), delaysMs: z.array(RetryDelay).min(1, LIST).max(MAX_RETRY_DELAYS, LIST) }),
]);
export type Backoff = z.infer<typeof Backoff>;

/**
 * How long to wait after the n-th failure (from 1), in milliseconds. Exponential with full jitter: a uniform share of
 * min(max, base × 2^(n − 1)), so that tasks that failed together do not come back together. `random` is in [0, 1).
 * Source: "Exponential Backoff And Jitter", AWS, 2015. What the user named exactly is kept exactly.
 */
export function backoffDelay(failure: number, backoff: Backoff, random: number): number {
  switch (backoff.kind) {
    case 'fixed':
      return backoff.delayMs;
    case 'list':
      return backoff.delaysMs[Math.min(failure, backoff.delaysMs.length) - 1] ?? 0;
    case 'exponential': {
      // No delay is longer than 2^52; further doublings would end in Infinity, and 0 × Infinity is no number.
      const ceiling = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(failure - 1, 52));
      return Math.floor(random * (ceiling + 1));
    }
  }
}
