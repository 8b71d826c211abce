import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '../../trpc/router.js';
import type { Colours } from '../output/colours.js';
import { renderFields } from '../output/fields.js';
import { formatClock, formatDuration } from '../output/times.js';

type Stats = inferRouterOutputs<AppRouter>['queue']['stats'];

/** A start of the count that is so much later than an hour ago is worth a word, in milliseconds. */
const WORTH_SAYING_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The queue's figures for people. */
export function renderStats(stats: Stats, now: number, colours: Colours): string {
  const { paused, oldestPendingMs, lastHour } = stats;
  const { completed, failed, perMinute, since, failures } = lastHour;
  const oldest = oldestPendingMs === null ? '' : `, the oldest for ${formatDuration(oldestPendingMs)}`;
  const isWhole = since <= now - HOUR_MS + WORTH_SAYING_MS;
  const rate = (perMinuteOfOne: number) => `${perMinuteOfOne.toFixed(1)} a minute`;
  return renderFields(
    [
      ['queue', `${paused ? 'paused' : 'running'}: ${String(stats.pending)} waiting${oldest}`],
      [
        '',
        `${String(stats.processing)} running, ${String(stats.scheduled)} scheduled, ${String(stats.blocked)} blocked`,
      ],
      [
        'kept',
        `${String(stats.completed)} completed, ${String(stats.failed)} failed, ${String(stats.cancelled)} cancelled`,
      ],
      [isWhole ? 'last hour' : 'so far', isWhole ? null : `counted since ${formatClock(since)}`],
      [
        'finished',
        `${String(completed)} completed (${rate(perMinute.completed)}), ${String(failed)} failed (${rate(perMinute.failed)})`,
      ],
      ['waited', durations(lastHour.waitingMs)],
      ['ran', durations(lastHour.runningMs)],
      [
        'failures',
        Object.entries(failures)
          .map(([code, n]) => `${code} ${String(n)}`)
          .join(', '),
      ],
    ],
    colours,
  );
}

function durations(spread: Stats['lastHour']['waitingMs']): string | null {
  if (spread === null) return null;
  const { p50, p95, p99 } = spread;
  return `p50 ${formatDuration(p50)}, p95 ${formatDuration(p95)}, p99 ${formatDuration(p99)}`;
}
