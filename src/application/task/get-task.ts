import { z } from 'zod';
import { TaskId } from '../../domain/shared/id.js';
import { Attempt } from '../../domain/task/attempt.js';
import { type Task, TaskError, TaskResult, TaskStatus } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';

export const GetTask = z.strictObject({ taskId: TaskId });
export type GetTask = z.infer<typeof GetTask>;

export function createGetTask({ read }: Pick<Dependencies, 'read'>) {
  return ({ taskId }: GetTask): Promise<Task> => read(({ tasks }) => tasks.get(taskId));
}

/** How a task ended, or stands, with every attempt at it. */
export const TaskOutcome = z.object({
  taskId: TaskId,
  status: TaskStatus,
  result: TaskResult.nullable(),
  error: TaskError.nullable(),
  attempts: z.array(Attempt),
});
export type TaskOutcome = z.infer<typeof TaskOutcome>;

export function createGetResult({ read }: Pick<Dependencies, 'read'>) {
  return ({ taskId }: GetTask): Promise<TaskOutcome> =>
    read(async ({ tasks }) => {
      const { status, result, error } = await tasks.get(taskId);
      return { taskId, status, result, error, attempts: await tasks.attempts(taskId) };
    });
}
