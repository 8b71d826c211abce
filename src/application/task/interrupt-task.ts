import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { FailedTask, PendingTask, ScheduledTask, Task } from '../../domain/task/task.js';
import { interrupt } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { failAttempt, retryPolicy } from './fail-attempt.js';

/**
 * So many attempts in a row may be cut off without counting. Servers crash and are stopped; a task that is there every
 * time may well be why, and must not be so for ever.
 */
export const MAX_INTERRUPTIONS = 20;

/** Gives a task whose attempt was cut off back to the queue; the attempt does not count, see `cutOffIn`. */
export function createInterruptTask(needs: Pick<Dependencies, 'transaction' | 'clock' | 'settings' | 'random'>) {
  return (taskId: TaskId, epoch: number, reason: string) =>
    needs.transaction(async (stores) => cutOffIn(stores, await stores.tasks.get(taskId), epoch, reason, needs));
}

/** The attempt's server or agent went away. It counts, as a crash, only after MAX_INTERRUPTIONS others in a row. */
export async function cutOffIn(
  stores: Stores,
  task: Task,
  epoch: number,
  reason: string,
  needs: Pick<Dependencies, 'clock' | 'settings' | 'random'>,
): Promise<PendingTask | ScheduledTask | FailedTask> {
  const now = needs.clock();
  const others = await stores.tasks.interruptionsInARow(task.id, epoch, MAX_INTERRUPTIONS);
  if (others < MAX_INTERRUPTIONS) return interruptIn(stores, task, epoch, reason, now);
  const message = `More than ${String(MAX_INTERRUPTIONS)} attempts in a row were interrupted, so this one counts: ${reason}`;
  const failure = { outcome: 'interrupted', exitCode: null, error: { code: 'crashed', message } } as const;
  return failAttempt(stores, task, epoch, failure, retryPolicy(needs), now);
}

/** The attempt ends for a reason that is surely not the task's; it never counts. */
export async function interruptIn(
  { tasks, events }: Stores,
  task: Task,
  epoch: number,
  reason: string,
  now: Timestamp,
): Promise<PendingTask> {
  const { state, events: facts } = interrupt(task, epoch, reason, now);
  await tasks.save(state);
  await tasks.closeAttempt(task.id, epoch, {
    outcome: 'interrupted',
    finishedAt: now,
    exitCode: null,
    error: state.error,
  });
  await events.append(facts);
  return state;
}
