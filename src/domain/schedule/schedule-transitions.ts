import type { Change } from '../shared/change.js';
import { DomainError, type DomainErrorCode } from '../shared/domain-error.js';
import type { TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { Occurrences } from './occurrences.js';
import type { ActiveSchedule, PausedSchedule, Schedule } from './schedule.js';
import type { ScheduleEvent } from './schedule-event.js';

/** What the user decides about a new schedule. */
export type ScheduleRequest = Pick<Schedule, 'id' | 'name' | 'spec' | 'task' | 'missed'>;

type Active = Change<ActiveSchedule, ScheduleEvent>;

/** A schedule from now on. Throws `invalid_input` for one whose time never comes. */
export function addSchedule(request: ScheduleRequest, occurrences: Occurrences, now: Timestamp): Active {
  const nextAt = occurrences.after(now);
  if (nextAt === null) {
    throw new DomainError('invalid_input', 'This schedule would never run: there is no such day. Write another one.');
  }
  const fresh = { createdAt: now, handledUntil: now, lastAt: null, lastTaskId: null, lastError: null };
  const state: ActiveSchedule = { ...request, ...fresh, status: 'active', nextAt };
  return { state, events: [{ type: 'schedule.added', at: now, data: { ...which(state), nextAt } }] };
}

/** Nothing comes up, and nothing is missed, until it is resumed. One that is paused already stays as it is. */
export function pauseSchedule(schedule: Schedule, now: Timestamp): Change<PausedSchedule, ScheduleEvent> {
  if (schedule.status === 'paused') return { state: schedule, events: [] };
  const state: PausedSchedule = { ...schedule, status: 'paused', nextAt: null };
  return { state, events: [{ type: 'schedule.paused', at: now, data: which(state) }] };
}

/** Goes on with the next time from now. One that is not paused stays as it is. */
export function resumeSchedule(schedule: Schedule, occurrences: Occurrences, now: Timestamp): Active {
  if (schedule.status === 'active') return { state: schedule, events: [] };
  const state: ActiveSchedule = { ...schedule, status: 'active', ...takeUp(schedule, occurrences, now) };
  const { nextAt } = state;
  return { state, events: [{ type: 'schedule.resumed', at: now, data: { ...which(state), nextAt } }] };
}

/** The fact that it is gone. */
export function removeSchedule(schedule: Schedule, now: Timestamp): ScheduleEvent {
  return { type: 'schedule.removed', at: now, data: which(schedule) };
}

/** Asks for the next time anew, after the clock or the rules of a time zone may have changed. What is due stays due. */
export function realignSchedule(schedule: ActiveSchedule, occurrences: Occurrences, now: Timestamp): Active {
  if (schedule.nextAt !== null && schedule.nextAt <= now) return { state: schedule, events: [] };
  const state = { ...schedule, ...takeUp(schedule, occurrences, now) };
  const { nextAt } = state;
  if (nextAt === schedule.nextAt) return { state: schedule, events: [] };
  return { state, events: [{ type: 'schedule.changed', at: now, data: { ...which(state), nextAt } }] };
}

/**
 * The next time that has not been dealt with. A clock that was put back a little comes to the same time again, which is
 * not handled twice; one that was put back over further times goes by the new time, or it would say nothing until the old.
 */
function takeUp({ handledUntil }: Pick<Schedule, 'handledUntil'>, occurrences: Occurrences, now: Timestamp) {
  const next = occurrences.after(now);
  if (now >= handledUntil) return { nextAt: next, handledUntil };
  if (next !== null && next < handledUntil) return { nextAt: next, handledUntil: now };
  return { nextAt: occurrences.after(handledUntil), handledUntil };
}

/** The task that a time, or a request, was given. */
export interface FiredTask {
  readonly id: TaskId;
  readonly existing: boolean;
}

/** How far a schedule has come: what `dueTimes` decided. */
export interface Handled {
  /** The times that get a task each, oldest first. */
  readonly run: readonly Timestamp[];
  /** The first of several times that the one task stands for. */
  readonly since: Timestamp | null;
  /** From here to before the first of `run` (or the next time), times get none. */
  readonly missedFrom: Timestamp | null;
  /** The latest time that has come. */
  readonly until: Timestamp;
}

/** Its times were given these tasks, one each. */
export function fired(
  schedule: ActiveSchedule,
  { run, since, missedFrom, until }: Handled,
  tasks: readonly FiredTask[],
  nextAt: Timestamp | null,
  now: Timestamp,
): Active {
  const last = tasks.at(-1);
  const ran = last === undefined ? {} : { lastAt: now, lastTaskId: last.id, lastError: null };
  const state: ActiveSchedule = { ...schedule, ...ran, handledUntil: until, nextAt };
  const events: ScheduleEvent[] = tasks.map(({ id, existing }, n) => ({
    type: 'schedule.fired',
    at: now,
    taskId: id,
    data: { ...which(state), by: 'time', due: run[n] ?? until, since, existing },
  }));
  if (missedFrom === null) return { state, events };
  const data = { ...which(state), from: missedFrom, before: run[0] ?? nextAt };
  return { state, events: [{ type: 'schedule.missed', at: now, data }, ...events] };
}

/** It was run out of turn. Its next time stays. */
export function firedByRequest(schedule: Schedule, task: FiredTask, now: Timestamp): Change<Schedule, ScheduleEvent> {
  const state: Schedule = { ...schedule, lastAt: now, lastTaskId: task.id, lastError: null };
  const data = { by: 'request', due: null, since: null, existing: task.existing } as const;
  return {
    state,
    events: [{ type: 'schedule.fired', at: now, taskId: task.id, data: { ...which(state), ...data } }],
  };
}

/** Its time came, and no task could be enqueued. It goes on with the next one. */
export function failedToFire(
  schedule: ActiveSchedule,
  { code, message }: { readonly code: DomainErrorCode | 'broken'; readonly message: string },
  { until, nextAt }: { readonly until: Timestamp; readonly nextAt: Timestamp | null },
  now: Timestamp,
): Active {
  const state: ActiveSchedule = { ...schedule, lastError: { at: now, code, message }, handledUntil: until, nextAt };
  return { state, events: [{ type: 'schedule.failed', at: now, data: { ...which(state), code, message } }] };
}

function which({ id, name }: Pick<Schedule, 'id' | 'name'>) {
  return { scheduleId: id, name };
}
