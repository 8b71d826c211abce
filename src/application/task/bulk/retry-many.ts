import { z } from 'zod';
import { retryIn } from '../retry-task.js';
import { type ChangedMany, type ChangeManyNeeds, changeMany } from './change-many.js';
import { SelectLost, selectionOf } from './task-selection.js';

export const RetryTasks = z.strictObject({ filter: SelectLost });
export type RetryTasks = z.infer<typeof RetryTasks>;

/** Retries all tasks that fit, oldest first: what they come after waits again, and so they do. */
export function createRetryTasks(needs: ChangeManyNeeds) {
  return ({ filter }: RetryTasks): Promise<ChangedMany> =>
    changeMany(needs, {
      selection: selectionOf(filter, needs.clock()),
      order: 'oldest',
      change: async (stores, id) => {
        await retryIn(stores, id, needs.clock());
      },
    });
}
