import { z } from 'zod';
import { TaskId } from '../../domain/shared/id.js';
import type { Task } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';
import { SELECTED_BY, selectionOf } from './bulk/task-selection.js';

export const ListTasks = z.strictObject({
  ...SELECTED_BY,
  cursor: TaskId.optional(),
  limit: PageSize,
});
export type ListTasks = z.infer<typeof ListTasks>;

/** Tasks, newest first, with long prompts and results cut. */
export function createListTasks({ read, clock }: Pick<Dependencies, 'read' | 'clock'>) {
  return ({ cursor, limit, ...filter }: ListTasks): Promise<Page<Task>> =>
    read(async ({ tasks }) => {
      const selection = selectionOf(filter, clock());
      return toPage(await tasks.list({ ...selection, before: cursor, limit: limit + 1 }), limit);
    });
}
