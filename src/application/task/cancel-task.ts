import { z } from 'zod';
import { closeSession } from '../../domain/session/session-transitions.js';
import { TaskId } from '../../domain/shared/id.js';
import type { CancelledTask } from '../../domain/task/task.js';
import { cancel } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { endEarlyIn } from './end-early.js';

export const CancelTask = z.strictObject({ taskId: TaskId, reason: z.string().min(1).max(500).optional() });
export type CancelTask = z.infer<typeof CancelTask>;

/** Cancels a task that has not finished, and ends what its agent runs. */
export function createCancelTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return ({ taskId, reason = 'Cancelled by request.' }: CancelTask): Promise<CancelledTask> =>
    transaction(async (stores) => {
      const now = clock();
      const task = await stores.tasks.get(taskId);
      const change = cancel(task, reason, now);
      await endEarlyIn(stores, task, change, (session) => closeSession(session, now), now);
      return change.state;
    });
}
