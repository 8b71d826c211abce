import { z } from 'zod';
import type { TaskId } from '../../../domain/shared/id.js';
import type { WalkedTasks, WalkStep } from '../../../domain/task/task-repository.js';
import type { Dependencies } from '../../dependencies.js';
import { type CountTasks, selectionOf } from './task-selection.js';

/** Ids that are read at once, only to be counted. */
const COUNTED_AT_ONCE = 10_000;

export const TaskCount = z.object({ count: z.int().nonnegative() });
export type TaskCount = z.infer<typeof TaskCount>;

/** How many tasks a filter fits. A few milliseconds for every 10,000 tasks, in which other work goes on. */
export function createCountTasks({ read, clock, newId }: Pick<Dependencies, 'read' | 'clock' | 'newId'>) {
  return async ({ filter }: CountTasks): Promise<TaskCount> => {
    const selection = selectionOf(filter, clock());
    const newest = newId('task');
    let count = 0;
    let from: TaskId | null = null;
    do {
      const step: WalkStep = { order: 'newest', from, newest, limit: COUNTED_AT_ONCE };
      const { ids, next }: WalkedTasks = await read(({ tasks }) => tasks.walk(selection, step));
      count += ids.length;
      from = next;
    } while (from !== null);
    return { count };
  };
}
