import { z } from 'zod';
import { closeSession } from '../../domain/session/session-transitions.js';
import { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { CancelledTask } from '../../domain/task/task.js';
import { cancel } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { endEarlyIn } from './end-early.js';

export const CancelTask = z.strictObject({ taskId: TaskId, reason: z.string().min(1).max(500).optional() });
export type CancelTask = z.infer<typeof CancelTask>;

/** Cancels a task that has not finished, and ends what its agent runs. */
export function createCancelTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return ({ taskId, reason }: CancelTask): Promise<CancelledTask> =>
    transaction((stores) => cancelIn(stores, taskId, reason, clock()));
}

/** Throws `invalid_transition` for a task that has finished. */
export async function cancelIn(
  stores: Stores,
  taskId: TaskId,
  reason: string | undefined,
  now: Timestamp,
): Promise<CancelledTask> {
  const task = await stores.tasks.get(taskId);
  const change = cancel(task, reason ?? 'Cancelled by request.', now);
  await endEarlyIn(stores, task, change, (session) => closeSession(session, now), now);
  return change.state;
}
