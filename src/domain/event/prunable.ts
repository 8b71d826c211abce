import type { Timestamp } from '../shared/timestamp.js';

/**
 * How many of these events, oldest first, may go: all up to the last one of an older moment than `before`, as long as
 * none of between then and `now` comes before it. What is of a later moment than `now` was dated by a clock that was
 * wrong, and holds nothing up.
 */
export function prunable(events: readonly { readonly at: Timestamp }[], before: Timestamp, now: Timestamp): number {
  let count = 0;
  for (const [index, { at }] of events.entries()) {
    if (at < before) count = index + 1;
    else if (at <= now) break;
  }
  return count;
}
