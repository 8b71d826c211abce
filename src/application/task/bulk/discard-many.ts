import { z } from 'zod';
import type { CancelledTask, FailedTask } from '../../../domain/task/task.js';
import { discardIn, type RemoveOutputs, removeOutputs } from '../discard-task.js';
import { type ChangedMany, type ChangeManyNeeds, changeMany } from './change-many.js';
import { SelectLost, selectionOf } from './task-selection.js';

export const DiscardTasks = z.strictObject({ filter: SelectLost });
export type DiscardTasks = z.infer<typeof DiscardTasks>;

/** Discards all tasks that fit, newest first: what comes after one goes before it. */
export function createDiscardTasks(needs: ChangeManyNeeds & RemoveOutputs) {
  return ({ filter }: DiscardTasks): Promise<ChangedMany> => {
    let discarded: (FailedTask | CancelledTask)[] = [];
    return changeMany(needs, {
      selection: selectionOf(filter, needs.clock()),
      order: 'newest',
      change: async (stores, id) => {
        discarded.push(await discardIn(stores, id, needs.clock()));
      },
      committed: async () => {
        const gone = discarded;
        discarded = [];
        await removeOutputs(needs, gone);
      },
    });
  };
}
