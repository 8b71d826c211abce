import { z } from 'zod';
import { DomainError } from '../../domain/shared/domain-error.js';
import { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { MAX_DEPENDENCIES, type Task } from '../../domain/task/task.js';
import { retry } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { countUnmet, holdDependents } from './dependency-state.js';

export const RetryTask = z.strictObject({ taskId: TaskId });
export type RetryTask = z.infer<typeof RetryTask>;

/** Which task must not be there beside it. It was enqueued itself once: how long ago says nothing any more. */
const rivals = ({ uniqueScope }: Task) => (uniqueScope === 'waiting' ? 'waiting' : 'unfinished');

/** Puts a failed or cancelled task back into the queue with all its attempts. */
export function createRetryTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return ({ taskId }: RetryTask): Promise<Task> => transaction((stores) => retryIn(stores, taskId, clock()));
}

/** Throws `invalid_transition`, and `conflict` when its unique key is taken or what it comes after will not complete. */
export async function retryIn(stores: Stores, taskId: TaskId, now: Timestamp): Promise<Task> {
  const { tasks, events } = stores;
  const task = await tasks.get(taskId);
  const rival = task.unique === null ? undefined : await tasks.findByUnique(task.unique, rivals(task), now);
  if (rival !== undefined && rival.id !== taskId) {
    throw new DomainError('conflict', `Cannot retry ${taskId}: ${rival.id} has its unique key and is ${rival.status}.`);
  }
  const canRetry = task.status === 'failed' || task.status === 'cancelled';
  const unmet = canRetry ? await countUnmet(tasks, await tasks.predecessors(taskId, MAX_DEPENDENCIES)) : 0;
  const { state, events: facts } = retry(task, unmet, now);
  await tasks.save(state);
  if (state.deadline !== task.deadline) await tasks.saveOrder(state);
  await events.append(facts);
  await holdDependents(stores, taskId);
  return state;
}
