import { z } from 'zod';
import { CancelTask, cancelIn } from '../cancel-task.js';
import { type ChangedMany, type ChangeManyNeeds, changeMany } from './change-many.js';
import { SelectUnfinished, selectionOf } from './task-selection.js';

export const CancelTasks = z.strictObject({ filter: SelectUnfinished, reason: CancelTask.shape.reason });
export type CancelTasks = z.infer<typeof CancelTasks>;

/** Cancels all tasks that fit, newest first: what comes after a cancelled task is cancelled before it could fail. */
export function createCancelTasks(needs: ChangeManyNeeds) {
  return ({ filter, reason }: CancelTasks): Promise<ChangedMany> =>
    changeMany(needs, {
      selection: { ...selectionOf(filter, needs.clock()), unfinished: true },
      order: 'newest',
      change: async (stores, id) => {
        await cancelIn(stores, id, reason, needs.clock());
      },
    });
}
