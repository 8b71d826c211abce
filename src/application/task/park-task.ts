import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { ScheduledTask } from '../../domain/task/task.js';
import { type Parking, park, unpark } from '../../domain/task/task-transitions.js';
import type { Stores } from '../ports/transaction.js';

/** Puts a task aside whose attempt cannot go on for a reason outside of it; the attempt does not count. */
export async function parkIn(
  { tasks, events }: Stores,
  taskId: TaskId,
  epoch: number,
  parking: Parking,
  now: Timestamp,
): Promise<ScheduledTask> {
  const { state, events: facts } = park(await tasks.get(taskId), epoch, parking, now);
  const { error } = parking;
  await tasks.save(state);
  await tasks.closeAttempt(taskId, epoch, { outcome: 'interrupted', finishedAt: now, exitCode: null, error });
  await events.append(facts);
  return state;
}

/** Gives a parked task back to the queue; nothing happens to one that is not parked. */
export async function unparkIn({ tasks, events }: Stores, taskId: TaskId, now: Timestamp): Promise<void> {
  const task = await tasks.get(taskId);
  if (task.status !== 'scheduled' || task.error?.code !== 'parked') return;
  const { state, events: facts } = unpark(task, now);
  await tasks.save(state);
  await events.append(facts);
}
