/** How long to wait before the next attempt. Durations are milliseconds. */
export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Exponential backoff with full jitter: a uniform share of min(max, base × 2^(attempt − 1)), so that tasks that failed
 * together do not come back together. `random` is in [0, 1). Source: "Exponential Backoff And Jitter", AWS, 2015.
 */
export function backoffDelay(attempt: number, { baseMs, maxMs }: Backoff, random: number): number {
  // No delay is longer than 2^52; further doublings would end in Infinity, and 0 × Infinity is no number.
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 52));
  return Math.floor(random * (ceiling + 1));
}
