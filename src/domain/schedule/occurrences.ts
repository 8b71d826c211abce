import type { Timestamp } from '../shared/timestamp.js';

/** When a schedule comes up, whatever became of it. */
export interface Occurrences {
  /** The first one after this moment; null if none follows. */
  after(moment: Timestamp): Timestamp | null;
  /** Those from `from` to `to`, both included, oldest first; of more than `most` the latest. */
  between(from: Timestamp, to: Timestamp, most: number): Timestamp[];
}

/** One at every interval, counted from `anchor`, so that late runs never move the later ones. */
export function everyInterval(everyMs: number, anchor: Timestamp): Occurrences {
  const passed = (moment: Timestamp) => Math.floor((moment - anchor) / everyMs);
  const at = (n: number) => anchor + n * everyMs;
  return {
    after: (moment) => at(passed(moment) + 1),
    between(from, to, most) {
      const last = passed(to);
      const first = Math.max(passed(from - 1) + 1, last - most + 1);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => at(first + n));
    },
  };
}
