import { failSession } from '../../domain/session/session-transitions.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { AttemptEnd } from '../../domain/task/attempt.js';
import type { RetryRuling } from '../../domain/task/retry-rules.js';
import type { FailedTask, ScheduledTask, Task, TaskError } from '../../domain/task/task.js';
import { fail, type RetryPolicy } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import type { PreparedToolUse } from '../session/prepare-tool-use.js';
import { failDependents } from './dependency-state.js';
import { endSession } from './end-session.js';
import { keepRun } from './remember-attempt.js';

/** An attempt that did not succeed. `run` is what is remembered of it. */
export interface Failure extends Pick<AttemptEnd, 'outcome' | 'exitCode'> {
  readonly error: TaskError;
  readonly run?: PreparedToolUse | null;
}

/** What the server does for tasks that do not say; `ruling` is of who ran the attempt. */
export function retryPolicy(
  { settings, random }: Pick<Dependencies, 'settings' | 'random'>,
  ruling?: RetryRuling,
): RetryPolicy {
  const { backoffMs: baseMs, backoffMaxMs: maxMs, retry } = settings.tasks;
  const backoff = retry?.backoff ?? { kind: 'exponential', baseMs, maxMs };
  return { ruling, server: { on: retry?.on, backoff }, random: random() };
}

/** Decides whether another attempt follows; when none does, the task's session and what comes after it fail too. */
export async function failAttempt(
  stores: Stores,
  task: Task,
  epoch: number,
  { outcome, exitCode, error, run = null }: Failure,
  policy: RetryPolicy,
  now: Timestamp,
): Promise<ScheduledTask | FailedTask> {
  const { tasks, events } = stores;
  const { state, events: facts } = fail(task, epoch, error, policy, now);
  await tasks.save(state);
  await tasks.closeAttempt(task.id, epoch, { outcome, finishedAt: now, exitCode, error });
  await events.append(facts);
  await keepRun(stores, state, run, now);
  if (state.status === 'failed') {
    await endSession(stores, state, (session) => failSession(session, error.message, now));
    await failDependents(stores, task.id, now);
  }
  return state;
}
