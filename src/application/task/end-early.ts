import type { Session } from '../../domain/session/session.js';
import type { SessionEvent } from '../../domain/session/session-transitions.js';
import type { Change } from '../../domain/shared/change.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { CancelledTask, FailedTask, Task } from '../../domain/task/task.js';
import type { TaskEvent } from '../../domain/task/task-event.js';
import { withdrawPermissionsIn } from '../permission/withdraw-permissions.js';
import type { Stores } from '../ports/transaction.js';
import { failDependents } from './dependency-state.js';
import { endSession } from './end-session.js';

/** Ends a task from outside of any attempt. What its agent runs is ended after the commit, by `stop-ended-attempts.ts`. */
export async function endEarlyIn(
  stores: Stores,
  task: Task,
  { state, events: facts }: Change<CancelledTask | FailedTask, TaskEvent>,
  endIts: (session: Session) => Change<Session, SessionEvent>,
  now: Timestamp,
): Promise<void> {
  const { tasks, events } = stores;
  await tasks.save(state);
  if (task.status === 'processing') {
    const { status: outcome, error } = state;
    await tasks.closeAttempt(task.id, task.epoch, { outcome, finishedAt: now, exitCode: null, error });
  }
  await events.append(facts);
  await endSession(stores, state, endIts);
  await withdrawPermissionsIn(stores, task.id, now);
  await failDependents(stores, task.id, now);
}
