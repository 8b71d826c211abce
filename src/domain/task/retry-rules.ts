import { z } from 'zod';

/** Longest delay before a next attempt: a year, in milliseconds. Longer is a mistake in units. */
const MAX_RETRY_DELAY_MS = 365 * 24 * 3_600_000;
/** Most delays of a list: as many as there may be attempts. */
const MAX_RETRY_DELAYS = 100;

const DELAY = `A delay must be a whole number of milliseconds from 0 to ${String(MAX_RETRY_DELAY_MS)}.`;
const Delay = z.int(DELAY).min(0, DELAY).max(MAX_RETRY_DELAY_MS, DELAY);

/**
 * How long to wait before the next attempt, in milliseconds: a share of a ceiling that doubles from `baseMs` to `maxMs`;
 * always the same; or one after the other of a list, whose last one goes on.
 */
const Backoff = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exponential'), baseMs: Delay, maxMs: Delay }),
  z.strictObject({ kind: z.literal('fixed'), delayMs: Delay }),
  z.strictObject({
    kind: z.literal('list'),
    delaysMs: z
      .array(Delay)
      .min(1)
      .max(MAX_RETRY_DELAYS, `A list has at most ${String(MAX_RETRY_DELAYS)} delays.`),
  }),
]);

const Rule = z.union([Backoff, z.literal('never')]);

/** How a task is tried again: `on` for attempts that ended so, `backoff` for all others. */
export const RetryRules = z.strictObject({
  backoff: Backoff.optional(),
  on: z.strictObject({ failed: Rule.optional(), timeout: Rule.optional(), crashed: Rule.optional() }).optional(),
});
export type RetryRules = z.infer<typeof RetryRules>;
