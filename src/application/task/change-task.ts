import { z } from 'zod';
import { TaskId } from '../../domain/shared/id.js';
import { changeTask } from '../../domain/task/change-task.js';
import { MAX_PRIORITY, MAX_RUN_AT, type Task } from '../../domain/task/task.js';
import { between } from '../between.js';
import type { Dependencies } from '../dependencies.js';
import { Delay } from './delay.js';

/** `runAt` and `delayMs` exclude each other; a deadline of null takes it away. */
export const ChangeTask = z
  .strictObject({
    taskId: TaskId,
    priority: between(-MAX_PRIORITY, MAX_PRIORITY).optional(),
    runAt: between(0, MAX_RUN_AT).optional(),
    delayMs: Delay.optional(),
    deadline: between(0, MAX_RUN_AT).nullable().optional(),
  })
  .refine(({ runAt, delayMs }) => runAt === undefined || delayMs === undefined, 'Give runAt or delayMs, not both.')
  .refine(
    ({ priority, runAt, delayMs, deadline }) => [priority, runAt, delayMs, deadline].some((part) => part !== undefined),
    'Say what to change: priority, runAt, delayMs or deadline.',
  );
export type ChangeTask = z.infer<typeof ChangeTask>;

/** Changes the priority, the time or the deadline of a task that has not finished. */
export function createChangeTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return ({ taskId, delayMs, runAt, priority, deadline }: ChangeTask): Promise<Task> =>
    transaction(async ({ tasks, events }) => {
      const now = clock();
      const wanted = { priority, deadline, runAt: delayMs === undefined ? runAt : now + delayMs };
      const { state, events: facts } = changeTask(await tasks.get(taskId), wanted, now);
      await tasks.saveOrder(state);
      await events.append(facts);
      return state;
    });
}
