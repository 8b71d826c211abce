import { z } from 'zod';
import { Backoff, backoffDelay } from './backoff.js';

/** What another attempt can help against; for each of these a rule may be given. */
const RETRIED_CODES = ['failed', 'timeout', 'crashed'] as const;
type RetriedCode = (typeof RETRIED_CODES)[number];

const Rule = z.union([z.literal('never'), Backoff], {
  error: 'It must be "never", or how long to wait: { "kind": "exponential", "fixed" or "list", … }.',
});

/** How a task is tried again: `on` for attempts that ended so, `backoff` for all others. */
export const RetryRules = z.strictObject({
  backoff: Backoff.optional(),
  on: z.strictObject({ failed: Rule.optional(), timeout: Rule.optional(), crashed: Rule.optional() }).optional(),
});
export type RetryRules = z.infer<typeof RetryRules>;

/** What who ran an attempt says about the next one, in milliseconds; it knows better than any rule. */
export type RetryRuling = 'never' | { readonly afterMs: number };

/** Rules that have an answer for everything that can be tried again. */
export interface FullRetryRules extends RetryRules {
  readonly backoff: Backoff;
}

/** Who decides about the next attempt, the first one that has something to say: a ruling, the task's rules, the server's. */
export interface RetryDeciders {
  readonly ruling?: RetryRuling | undefined;
  readonly own?: RetryRules | null;
  readonly server: FullRetryRules;
}

/**
 * How long to wait, in milliseconds, after the n-th failure (from 1) of a task; `never` when trying again cannot help, or
 * shall not be. `random` is in [0, 1).
 */
export function delayOfRetry(
  code: string,
  failure: number,
  { ruling, own, server }: RetryDeciders,
  random: number,
): number | 'never' {
  if (!isRetried(code)) return 'never';
  if (ruling !== undefined) return ruling === 'never' ? ruling : ruling.afterMs;
  const rule = own?.on?.[code] ?? own?.backoff ?? server.on?.[code] ?? server.backoff;
  return rule === 'never' ? rule : backoffDelay(failure, rule, random);
}

function isRetried(code: string): code is RetriedCode {
  return (RETRIED_CODES as readonly string[]).includes(code);
}
