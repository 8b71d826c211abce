import type { Change } from '../shared/change.js';
import { DomainError } from '../shared/domain-error.js';
import type { AgentId, SessionId, TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import { delayOfRetry, type RetryDeciders } from './retry-rules.js';
import type {
  BlockedTask,
  CancelledTask,
  CompletedTask,
  FailedTask,
  PendingTask,
  ProcessingTask,
  ProfileName,
  ScheduledTask,
  Task,
  TaskError,
  TaskResult,
  WaitingTask,
} from './task.js';
import { MAX_RUN_AT } from './task.js';
import type { TaskEvent } from './task-event.js';
import { invalidTransition, readyOrScheduled } from './transition-parts.js';

type TaskChange<State extends Task> = Change<State, TaskEvent>;

/** What enqueueing needs to know of a task before its scheduling decides its first state. */
export type TaskRequest = Pick<
  PendingTask,
  | 'id'
  | 'prompt'
  | 'agent'
  | 'fallback'
  | 'workspaceId'
  | 'workspace'
  | 'priority'
  | 'runAt'
  | 'maxAttempts'
  | 'timeoutMs'
  | 'after'
  | 'onFailure'
  | 'sessionId'
  | 'unique'
  | 'uniqueScope'
  | 'group'
  | 'deadline'
  | 'retry'
>;

/** Takes a new task in. `waitingFor` is how many of `request.after` have not completed yet. */
export function enqueue(request: TaskRequest, waitingFor: number, now: Timestamp): TaskChange<WaitingTask> {
  // Written out, with what is new before a spread: V8 takes microseconds to add a property after one.
  const fresh: PendingTask = {
    status: 'pending',
    id: request.id,
    prompt: request.prompt,
    agent: request.agent,
    fallback: request.fallback,
    workspaceId: request.workspaceId,
    workspace: request.workspace,
    priority: request.priority,
    runAt: request.runAt,
    maxAttempts: request.maxAttempts,
    timeoutMs: request.timeoutMs,
    after: request.after,
    onFailure: request.onFailure,
    unique: request.unique,
    uniqueScope: request.uniqueScope,
    group: request.group,
    deadline: request.deadline,
    retry: request.retry,
    createdAt: now,
    attempts: 0,
    epoch: 0,
    startedAt: null,
    sessionId: request.sessionId,
    agentId: null,
    finishedAt: null,
    result: null,
    error: null,
  };
  const state: WaitingTask =
    waitingFor > 0 ? { waitingFor, ...fresh, status: 'blocked' } : readyOrScheduled(fresh, request.runAt, now);
  const { status, agent, priority, runAt, deadline } = state;
  const data = deadline === null ? { status, agent, priority, runAt } : { status, agent, priority, runAt, deadline };
  return { state, events: [{ type: 'task.enqueued', at: now, taskId: state.id, data }] };
}

/** One of the tasks that this one comes after has completed. */
export function releaseDependency(task: Task, now: Timestamp): TaskChange<WaitingTask> {
  if (task.status !== 'blocked') throw invalidTransition('unblock', task);
  const { waitingFor, ...rest } = task;
  if (waitingFor > 1) return { state: { ...task, waitingFor: waitingFor - 1 }, events: [] };
  const state = readyOrScheduled(rest, task.runAt, now);
  return { state, events: [unblocked(state, 'dependencies', now)] };
}

/** One of the tasks that this one comes after will never complete, so neither will this one. */
export function failDependency(task: Task, dependency: TaskId, now: Timestamp): TaskChange<FailedTask> {
  if (task.status !== 'blocked') throw invalidTransition('fail', task);
  const error = {
    code: 'dependency_failed',
    message: `It comes after ${dependency}, which did not complete.`,
  } as const;
  return failed(withoutCount(task), error, now);
}

/** The time of a scheduled task has come. */
export function makeDue(task: Task, now: Timestamp): TaskChange<PendingTask> {
  if (task.status !== 'scheduled') throw invalidTransition('make due', task);
  const state: PendingTask = { ...task, status: 'pending' };
  return { state, events: [unblocked(state, 'time', now)] };
}

/** The account of its agent is closed: `to`, its fallback, takes the task instead, and the two change places. */
export function reroute(task: Task, to: ProfileName, reason: string, now: Timestamp): TaskChange<PendingTask> {
  if (task.status !== 'pending') throw invalidTransition('reroute', task);
  const { agent: from } = task;
  const message = `${from} has reached a limit, so ${to} takes it: ${reason}`;
  const state: PendingTask = { ...task, agent: to, fallback: from, error: { code: 'rate_limited', message } };
  return { state, events: [{ type: 'task.rerouted', at: now, taskId: task.id, data: { from, to, message } }] };
}

/** Who takes a task: an agent, run by the server with the instance id `owner`. */
export interface Claim {
  readonly agentId: AgentId;
  readonly owner: string;
}

/** Takes a ready task for one agent. The attempt's epoch fences every later result. */
export function claim(task: Task, { agentId, owner }: Claim, now: Timestamp): TaskChange<ProcessingTask> {
  if (task.status !== 'pending') throw invalidTransition('claim', task);
  // The owner is new, so it comes before the spread: see enqueue.
  const state: ProcessingTask = {
    owner,
    ...task,
    status: 'processing',
    attempts: task.attempts + 1,
    epoch: task.epoch + 1,
    agentId,
    startedAt: now,
  };
  const waitedMs = Math.max(0, now - task.runAt);
  const data = { epoch: state.epoch, attempt: state.attempts, agentId, waitedMs };
  return { state, events: [{ type: 'task.started', at: now, taskId: task.id, data }] };
}

/** The attempt's prompt is about to be said in this conversation. */
export function joinSession(task: Task, epoch: number, sessionId: SessionId): TaskChange<ProcessingTask> {
  return { state: { ...inAttempt('start', task, epoch), sessionId }, events: [] };
}

/** How far an attempt has come: a sentence, and a share of the whole (0 to 1) if the agent knows it. */
export interface Progress {
  readonly message: string;
  readonly fraction: number | null;
}

export function progress(task: Task, epoch: number, made: Progress, now: Timestamp): TaskChange<ProcessingTask> {
  const state = inAttempt('report progress of', task, epoch);
  return { state, events: [{ type: 'task.progressed', at: now, taskId: task.id, data: { epoch, ...made } }] };
}

export function complete(task: Task, epoch: number, result: TaskResult, now: Timestamp): TaskChange<CompletedTask> {
  const { owner: _owner, ...running } = inAttempt('complete', task, epoch);
  const state: CompletedTask = { ...running, status: 'completed', result, error: null, finishedAt: now };
  const data = { epoch, exitCode: result.exitCode, durationMs: Math.max(0, now - running.startedAt) };
  return { state, events: [{ type: 'task.completed', at: now, taskId: task.id, data }] };
}

/** How a failed attempt is tried again, beside the task's own rules; `random` is in [0, 1) and spreads the retries. */
export interface RetryPolicy extends Omit<RetryDeciders, 'own'> {
  readonly random: number;
}

/** An attempt did not succeed: the task waits for its next one, or has failed when none is left or none can help. */
export function fail(
  task: Task,
  epoch: number,
  error: TaskError,
  policy: RetryPolicy,
  now: Timestamp,
): TaskChange<ScheduledTask | FailedTask> {
  const { owner: _owner, ...running } = inAttempt('fail', task, epoch);
  const deciders = { ...policy, own: running.retry };
  const delay =
    running.attempts < running.maxAttempts
      ? delayOfRetry(error.code, running.attempts, deciders, policy.random)
      : 'never';
  if (delay === 'never') return failed(running, error, now);
  const runAt = Math.min(now + delay, MAX_RUN_AT);
  const state: ScheduledTask = { ...running, status: 'scheduled', agentId: null, error, runAt };
  const data = { epoch, ...error, runAt, by: 'backoff' } as const;
  return { state, events: [{ type: 'task.retried', at: now, taskId: task.id, data }] };
}

/** The attempt was cut off through no fault of its own; it does not count and the task is ready again. */
export function interrupt(task: Task, epoch: number, reason: string, now: Timestamp): TaskChange<PendingTask> {
  const { owner: _owner, ...running } = inAttempt('interrupt', task, epoch);
  const error = { code: 'interrupted', message: reason } as const;
  const state: PendingTask = { ...running, status: 'pending', agentId: null, attempts: running.attempts - 1, error };
  return { state, events: [{ type: 'task.interrupted', at: now, taskId: task.id, data: { epoch, reason } }] };
}

/** Another server goes on with the attempt, whose agent it has taken over. The epoch, and so every result of it, stays good. */
export function changeOwner(task: Task, epoch: number, owner: string): TaskChange<ProcessingTask> {
  return { state: { ...inAttempt('take over', task, epoch), owner }, events: [] };
}

/** Why a task is put aside, and until when; null for one that waits for a person. */
export interface Parking {
  readonly error: TaskError;
  readonly until: Timestamp | null;
}

/** The attempt cannot go on for a reason outside of it: it does not count, and the task waits. */
export function park(task: Task, epoch: number, { error, until }: Parking, now: Timestamp): TaskChange<ScheduledTask> {
  const { owner: _owner, ...running } = inAttempt('park', task, epoch);
  const runAt = until === null ? MAX_RUN_AT : Math.min(Math.max(until, now), MAX_RUN_AT);
  const attempts = running.attempts - 1;
  const state: ScheduledTask = { ...running, status: 'scheduled', agentId: null, attempts, error, runAt };
  return { state, events: [{ type: 'task.parked', at: now, taskId: task.id, data: { epoch, ...error, runAt } }] };
}

/** What a parked task waited for has come. */
export function unpark(task: Task, by: 'answer' | 'limit', now: Timestamp): TaskChange<PendingTask> {
  if (task.status !== 'scheduled') throw invalidTransition('unpark', task);
  const state: PendingTask = { ...task, status: 'pending', runAt: now };
  return { state, events: [unblocked(state, by, now)] };
}

/** Ends a task that has not finished. A running attempt's late result will be refused. */
export function cancel(task: Task, reason: string, now: Timestamp): TaskChange<CancelledTask> {
  if (task.status === 'completed' || task.status === 'failed' || task.status === 'cancelled') {
    throw invalidTransition('cancel', task);
  }
  const { epoch } = task;
  const state: CancelledTask = {
    ...withoutClaim(withoutCount(task)),
    status: 'cancelled',
    error: { code: 'cancelled', message: reason },
    finishedAt: now,
  };
  return { state, events: [{ type: 'task.cancelled', at: now, taskId: task.id, data: { epoch, reason } }] };
}

/** Ends a task that has not finished by its deadline. A running attempt's late result will be refused. */
export function expire(task: Task, now: Timestamp): TaskChange<FailedTask> {
  if (task.status === 'completed' || task.status === 'failed' || task.status === 'cancelled') {
    throw invalidTransition('expire', task);
  }
  const by = task.deadline === null ? '' : ` by its deadline, ${new Date(task.deadline).toISOString()}`;
  const last = task.error === null ? '' : ` What it met last: ${task.error.message}`;
  const error = { code: 'deadline', message: `It had not finished${by}.${last}` } as const;
  return failed(withoutClaim(withoutCount(task)), error, now);
}

/**
 * Gives a task that failed or was cancelled all its attempts again. Its epoch goes on. `waitingFor` is how many of the
 * tasks that it comes after have not completed. A deadline that has passed is no more.
 */
export function retry(task: Task, waitingFor: number, now: Timestamp): TaskChange<BlockedTask | PendingTask> {
  if (task.status !== 'failed' && task.status !== 'cancelled') throw invalidTransition('retry', task);
  const { code, message } = task.error;
  const deadline = task.deadline !== null && task.deadline <= now ? null : task.deadline;
  const fresh = { attempts: 0, agentId: null, runAt: now, finishedAt: null, deadline };
  const ready: PendingTask = { ...task, status: 'pending', ...fresh };
  const state = waitingFor > 0 ? ({ ...ready, status: 'blocked', waitingFor } as const) : ready;
  const data = { epoch: task.epoch, code, message, runAt: now, by: 'request' } as const;
  return { state, events: [{ type: 'task.retried', at: now, taskId: task.id, data }] };
}

/** Takes a task that failed or was cancelled out for good. */
export function discard(task: Task, now: Timestamp): TaskChange<FailedTask | CancelledTask> {
  if (task.status !== 'failed' && task.status !== 'cancelled') throw invalidTransition('discard', task);
  const { epoch, status } = task;
  return { state: task, events: [{ type: 'task.discarded', at: now, taskId: task.id, data: { epoch, status } }] };
}

function unblocked(task: WaitingTask, by: 'dependencies' | 'time' | 'answer' | 'limit', now: Timestamp): TaskEvent {
  return { type: 'task.unblocked', at: now, taskId: task.id, data: { status: task.status, by } };
}

function failed(
  task: Omit<ProcessingTask | PendingTask, 'owner' | 'status'>,
  error: TaskError,
  now: Timestamp,
): TaskChange<FailedTask> {
  const state: FailedTask = { ...task, status: 'failed', error, finishedAt: now };
  return {
    state,
    events: [{ type: 'task.failed', at: now, taskId: task.id, data: { epoch: task.epoch, ...error } }],
  };
}

function withoutCount<T extends BlockedTask | ScheduledTask | PendingTask | ProcessingTask>(task: T) {
  if (task.status !== 'blocked') return task;
  const { waitingFor: _waitingFor, ...rest } = task;
  return rest;
}

function withoutClaim<T extends object>(task: T): Omit<T, 'owner'> {
  if (!('owner' in task)) return task;
  const { owner: _owner, ...rest } = task;
  return rest;
}

/** The task, if this very attempt of it is running; else the refusal that a late or repeated result gets. */
function inAttempt(verb: string, task: Task, epoch: number): ProcessingTask {
  if (task.status !== 'processing') throw invalidTransition(verb, task);
  if (task.epoch === epoch) return task;
  throw new DomainError(
    'conflict',
    `Cannot ${verb} ${task.id}: attempt ${String(epoch)} is over, attempt ${String(task.epoch)} is running.`,
  );
}
