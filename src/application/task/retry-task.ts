import { z } from 'zod';
import { DomainError } from '../../domain/shared/domain-error.js';
import { TaskId } from '../../domain/shared/id.js';
import { MAX_DEPENDENCIES, type Task } from '../../domain/task/task.js';
import { retry } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { countUnmet, holdDependents } from './dependency-state.js';

export const RetryTask = z.strictObject({ taskId: TaskId });
export type RetryTask = z.infer<typeof RetryTask>;

/** Which task must not be there beside it. It was enqueued itself once: how long ago says nothing any more. */
const rivals = ({ uniqueScope }: Task) => (uniqueScope === 'waiting' ? 'waiting' : 'unfinished');

/** Puts a failed or cancelled task back into the queue with all its attempts. */
export function createRetryTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return ({ taskId }: RetryTask): Promise<Task> =>
    transaction(async (stores) => {
      const { tasks, events } = stores;
      const task = await tasks.get(taskId);
      const rival = task.unique === null ? undefined : await tasks.findByUnique(task.unique, rivals(task), clock());
      if (rival !== undefined && rival.id !== taskId) {
        throw new DomainError(
          'conflict',
          `Cannot retry ${taskId}: ${rival.id} has its unique key and is ${rival.status}.`,
        );
      }
      const canRetry = task.status === 'failed' || task.status === 'cancelled';
      const unmet = canRetry ? await countUnmet(tasks, await tasks.predecessors(taskId, MAX_DEPENDENCIES)) : 0;
      const { state, events: facts } = retry(task, unmet, clock());
      await tasks.save(state);
      if (state.deadline !== task.deadline) await tasks.saveOrder(state);
      await events.append(facts);
      await holdDependents(stores, taskId);
      return state;
    });
}
