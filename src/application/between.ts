import { z } from 'zod';

/** A whole number from `least` to `most`; the refusal names both. */
export function between(least: number, most: number) {
  const message = `It must be a whole number from ${String(least)} to ${String(most)}.`;
  return z.int(message).min(least, message).max(most, message);
}
