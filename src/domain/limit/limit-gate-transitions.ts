import type { Change } from '../shared/change.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { ProcessingTask } from '../task/task.js';
import type { LimitEvent, LimitGate, LimitKind } from './limit-gate.js';

/**
 * Longest time that a gate is closed, in milliseconds: eight days, a little more than the longest window that is known,
 * a week. A later reset is a mistake in units or of a clock.
 */
export const MAX_GATE_MS = 8 * 24 * 3_600_000;
/** Shortest time, in milliseconds: what is told to be open again at once would else be tried in a circle. */
export const MIN_GATE_MS = 1_000;
/** How long a gate is closed when nobody says when the limit is reset, in milliseconds; it doubles at each next time. */
export const FIRST_PAUSE_MS = 60_000;
/** Longest of these pauses, in milliseconds: whoever waits for an hour has waited for most limits. */
export const LONGEST_PAUSE_MS = 3_600_000;
/** A trial that no task was there for ends, in milliseconds: by then the limit says nothing any more. */
export const TRIAL_MS = 3_600_000;

/** A limit that an agent has met. */
export interface MetLimit {
  readonly account: string;
  readonly kind: LimitKind;
  readonly reason: string;
  /** Null where the agent does not say. */
  readonly resetsAt: Timestamp | null;
}

/** What has become of the attempt that tries the account; `over` when it came to no result. */
export type ProbeState = 'running' | 'completed' | 'over';

/** Closes an account, or keeps it closed for longer: what runs when it closes mostly meets the same limit. */
export function closeGate(
  gate: LimitGate | undefined,
  { account, kind, reason, resetsAt }: MetLimit,
  now: Timestamp,
): Change<LimitGate, LimitEvent> {
  const told = resetsAt === null || resetsAt <= now ? null : now + bounded(resetsAt - now);
  if (gate !== undefined && isClosed(gate, now) && (told ?? 0) <= gate.closedUntil) return { state: gate, events: [] };
  const strikes = (gate?.strikes ?? 0) + (told === null ? 1 : 0);
  const closedUntil = told ?? now + Math.min(FIRST_PAUSE_MS * 2 ** Math.min(strikes - 1, 10), LONGEST_PAUSE_MS);
  const since = gate?.since ?? now;
  const state: LimitGate = { account, kind, reason, since, closedAt: now, closedUntil, strikes, probe: null };
  const data = { account, kind, until: closedUntil, reason };
  return { state, events: [{ type: 'account.limited', at: now, data }] };
}

/** What has become of a gate by now; null when the account is open. `probe` is null when nothing tries it. */
export function settleGate(
  gate: LimitGate,
  probe: ProbeState | null,
  now: Timestamp,
): Change<LimitGate | null, LimitEvent> {
  // The clock was put back: it is never closed for longer than it was to be, counted from now.
  if (now < gate.closedAt) {
    return { state: { ...gate, closedAt: now, closedUntil: now + gate.closedUntil - gate.closedAt }, events: [] };
  }
  if (isClosed(gate, now) || probe === 'running') return { state: gate, events: [] };
  if (probe === 'completed') return reopenGate(gate, 'task', now);
  if (now >= gate.closedUntil + TRIAL_MS) return reopenGate(gate, 'time', now);
  return { state: probe === null ? gate : { ...gate, probe: null }, events: [] };
}

/** A task that tries whether the account is open again. */
export function beginProbe(gate: LimitGate, { id: taskId, epoch }: ProcessingTask): LimitGate {
  return { ...gate, probe: { taskId, epoch } };
}

/** The account is open again. */
export function reopenGate(
  { account }: LimitGate,
  by: 'task' | 'time' | 'request',
  now: Timestamp,
): Change<null, LimitEvent> {
  return { state: null, events: [{ type: 'account.reopened', at: now, data: { account, by } }] };
}

export function isClosed({ closedUntil }: LimitGate, now: Timestamp): boolean {
  return now < closedUntil;
}

function bounded(ms: number): number {
  return Math.min(Math.max(ms, MIN_GATE_MS), MAX_GATE_MS);
}
