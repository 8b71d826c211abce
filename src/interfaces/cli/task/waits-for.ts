import type { inferRouterOutputs } from '@trpc/server';
import type { Task } from '../../../domain/task/task.js';
import type { AppRouter } from '../../trpc/router.js';
import { escapeControls, toOneLine } from '../output/escape-controls.js';
import { formatClock, formatMoment } from '../output/times.js';

/** An account that has reached a limit. */
export type Limit = inferRouterOutputs<AppRouter>['agent']['limits'][number];

/** The limit that a task waits for, which for one with a fallback is the one that ends first; null when for none. */
export function limitOf(task: Task, limits: readonly Limit[]): Limit | null {
  const isHeld = task.status === 'scheduled' && task.error?.code === 'rate_limited';
  if (task.status !== 'pending' && !isHeld) return null;
  const ofProfile = (name: string) => limits.find(({ profiles }) => profiles.includes(name));
  const own = ofProfile(task.agent);
  if (own === undefined || task.fallback === null) return own ?? null;
  const other = ofProfile(task.fallback);
  if (other === undefined) return null;
  return other.until < own.until ? other : own;
}

/** `closed until 2027-01-31 09:00:05 (in 10 m): its usage limit is reached (You have hit …)`, on one line. */
export function describeLimit({ state, kind, until, reason }: Limit, now: number): string {
  const when =
    state === 'closed'
      ? `closed until ${formatClock(until)} (${formatMoment(until, now)})`
      : 'on trial: one task at a time, until one gets through';
  return `${when}; its ${kind} limit was reached: ${toOneLine(escapeControls(reason))}`;
}
