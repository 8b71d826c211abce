import type { PendingTask, Task } from '../../domain/task/task.js';
import type { Rows } from './memory-table.js';

/** The ready tasks, in queue order. With `agingMs` each gains a grade of priority for every so many milliseconds. */
export function readyOf(tasks: Rows<Task>, agingMs: number | null = null): PendingTask[] {
  return [...tasks.all()].filter((task) => task.status === 'pending').sort(byAgedOrder(agingMs));
}

function byAgedOrder(agingMs: number | null): (one: Task, other: Task) => number {
  if (agingMs === null) return byQueueOrder;
  const rank = ({ runAt, priority }: Task) => runAt - priority * agingMs;
  return (one, other) => rank(one) - rank(other) || one.runAt - other.runAt || (one.id < other.id ? -1 : 1);
}

export function byQueueOrder(one: Task, other: Task): number {
  return other.priority - one.priority || one.runAt - other.runAt || (one.id < other.id ? -1 : 1);
}
