import type { SessionId, TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { ScheduledTask } from '../../domain/task/task.js';
import { type Parking, park, unpark } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { interruptIn } from './interrupt-task.js';

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

/** A task waits for its session to be resumed. */
export function waitingFor(sessionId: SessionId): Parking {
  const message = `Its session is paused; take it up again with: cw session resume ${sessionId}`;
  return { error: { code: 'parked', message }, until: null };
}

/** The session of a running attempt was paused: its task waits, or begins anew when it was resumed meanwhile. */
export function createParkForSession({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return (taskId: TaskId, epoch: number, sessionId: SessionId): Promise<void> =>
    transaction(async (stores) => {
      const now = clock();
      const { status } = await stores.sessions.get(sessionId);
      if (status === 'paused') await parkIn(stores, taskId, epoch, waitingFor(sessionId), now);
      else await interruptIn(stores, await stores.tasks.get(taskId), epoch, 'Its session was paused.', now);
    });
}

/** Gives a parked task back to the queue; nothing happens to one that is not parked. */
export async function unparkIn({ tasks, events }: Stores, taskId: TaskId, now: Timestamp): Promise<void> {
  const task = await tasks.find(taskId);
  if (task?.status !== 'scheduled' || task.error?.code !== 'parked') return;
  const { state, events: facts } = unpark(task, 'answer', now);
  await tasks.save(state);
  await events.append(facts);
}
