import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { PendingTask, Task } from '../../domain/task/task.js';
import { interrupt } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';

/** Gives a task whose attempt was cut off back to the queue; the attempt does not count. */
export function createInterruptTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return (taskId: TaskId, epoch: number, reason: string): Promise<PendingTask> =>
    transaction(async (stores) => interruptIn(stores, await stores.tasks.get(taskId), epoch, reason, clock()));
}

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
