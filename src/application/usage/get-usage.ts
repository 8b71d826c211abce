import { z } from 'zod';
import { TaskId } from '../../domain/shared/id.js';
import { Usage } from '../../domain/usage/usage.js';
import type { Dependencies } from '../dependencies.js';

export const GetUsage = z.strictObject({ taskId: TaskId });
export type GetUsage = z.infer<typeof GetUsage>;

/** What the agents of a task have used, in all its attempts; money in millionths of a US dollar. */
export const TaskUsage = Usage;

/** Throws `not_found`. */
export function createGetUsage({ read }: Pick<Dependencies, 'read'>) {
  return ({ taskId }: GetUsage): Promise<Usage> =>
    read(async ({ tasks, usage }) => {
      await tasks.get(taskId);
      return usage.ofTask(taskId);
    });
}
