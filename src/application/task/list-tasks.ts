import { z } from 'zod';
import { TaskId, WorkspaceId } from '../../domain/shared/id.js';
import { ProfileName, type Task, TaskStatus } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';

export const ListTasks = z.strictObject({
  status: TaskStatus.optional(),
  workspaceId: WorkspaceId.optional(),
  agent: ProfileName.optional(),
  cursor: TaskId.optional(),
  limit: PageSize,
});
export type ListTasks = z.infer<typeof ListTasks>;

/** Tasks, newest first, with long prompts and results cut. */
export function createListTasks({ read }: Pick<Dependencies, 'read'>) {
  return ({ cursor, limit, ...filter }: ListTasks): Promise<Page<Task>> =>
    read(async ({ tasks }) => toPage(await tasks.list({ ...filter, before: cursor, limit: limit + 1 }), limit));
}
