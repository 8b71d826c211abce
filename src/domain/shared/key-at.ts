import type { Timestamp } from './timestamp.js';

/** Where the time in a key starts: 2024-01-01 UTC. */
const EPOCH_MS = 1_704_067_200_000;
/** Keys per millisecond: 12 bits below the time, so that 53 bits last until the year 2093. */
export const KEYS_PER_MS = 4_096;

/** The first key of a moment; 1 for a moment before keys began. */
export function keyAt(at: Timestamp): number {
  return Math.max(1, (at - EPOCH_MS) * KEYS_PER_MS);
}
