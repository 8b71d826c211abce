import { z } from 'zod';
import { TaskId } from '../../domain/shared/id.js';
import { Attempt, attemptName } from '../../domain/task/attempt.js';
import { type Task, TaskError, TaskResult, TaskStatus } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';

export const GetTask = z.strictObject({ taskId: TaskId });
export type GetTask = z.infer<typeof GetTask>;

export function createGetTask({ read }: Pick<Dependencies, 'read'>) {
  return ({ taskId }: GetTask): Promise<Task> => read(({ tasks }) => tasks.get(taskId));
}

/** How a task ended, or stands, with every attempt at it. `output` is the path of all that one wrote, while that is kept. */
export const TaskOutcome = z.object({
  taskId: TaskId,
  status: TaskStatus,
  result: TaskResult.nullable(),
  error: TaskError.nullable(),
  attempts: z.array(Attempt.extend({ output: z.string().nullable() })),
});
export type TaskOutcome = z.infer<typeof TaskOutcome>;

export function createGetResult({ read, runFiles }: Pick<Dependencies, 'read' | 'runFiles'>) {
  return async ({ taskId }: GetTask): Promise<TaskOutcome> => {
    const { attempts, ...outcome } = await read(async ({ tasks }) => {
      const { status, result, error } = await tasks.get(taskId);
      return { taskId, status, result, error, attempts: await tasks.attempts(taskId) };
    });
    const withOutput = attempts.map(async (attempt) => {
      return { ...attempt, output: await runFiles.locate(attemptName(taskId, attempt.epoch)) };
    });
    return { ...outcome, attempts: await Promise.all(withOutput) };
  };
}
