import type { Timestamp } from '../shared/timestamp.js';
import type { Occurrences } from './occurrences.js';
import type { MissedPolicy } from './schedule.js';
import type { Handled } from './schedule-transitions.js';

/** Most times that are caught up with, each by a task of its own: more would only keep the queue from what is new. */
export const MAX_CAUGHT_UP = 50;
/**
 * A time that is handled this much later counts as on time, in milliseconds: after a suspend, the one timer of the
 * schedules may be a minute late, and a machine that has just woken is busy.
 */
export const ON_TIME_MS = 120_000;

/** Which of the times from `from`, the one that is due, to `now` get a task. */
export function dueTimes(policy: MissedPolicy, from: Timestamp, occurrences: Occurrences, now: Timestamp): Handled {
  const times = occurrences.between(from, now, policy === 'all' ? MAX_CAUGHT_UP + 1 : 1);
  // A time zone may have got other rules since it was noted.
  const until = times.at(-1) ?? from;
  switch (policy) {
    case 'all': {
      const run = times.length === 0 ? [from] : times.slice(-MAX_CAUGHT_UP);
      return { run, since: null, missedFrom: times.length > MAX_CAUGHT_UP ? from : null, until };
    }
    case 'once':
      return { run: [until], since: from < until ? from : null, missedFrom: null, until };
    case 'skip': {
      const onTime = now - until <= ON_TIME_MS;
      return { run: onTime ? [until] : [], since: null, missedFrom: onTime && from >= until ? null : from, until };
    }
  }
}
