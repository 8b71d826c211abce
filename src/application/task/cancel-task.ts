import { z } from 'zod';
import { closeSession } from '../../domain/session/session-transitions.js';
import { TaskId } from '../../domain/shared/id.js';
import type { CancelledTask } from '../../domain/task/task.js';
import { cancel } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { withdrawPermissionsIn } from '../permission/withdraw-permissions.js';
import { failDependents } from './dependency-state.js';
import { endSession } from './end-session.js';

export const CancelTask = z.strictObject({ taskId: TaskId, reason: z.string().min(1).max(500).optional() });
export type CancelTask = z.infer<typeof CancelTask>;

/** Cancels a task that has not finished. What its agent runs is ended after the commit, by `stop-cancelled-attempts.ts`. */
export function createCancelTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return ({ taskId, reason = 'Cancelled by request.' }: CancelTask): Promise<CancelledTask> =>
    transaction(async (stores) => {
      const { tasks, events } = stores;
      const now = clock();
      const task = await tasks.get(taskId);
      const { state, events: facts } = cancel(task, reason, now);
      await tasks.save(state);
      if (task.status === 'processing') {
        const end = { outcome: 'cancelled', finishedAt: now, exitCode: null, error: state.error } as const;
        await tasks.closeAttempt(taskId, task.epoch, end);
      }
      await events.append(facts);
      await endSession(stores, state, (session) => closeSession(session, now));
      await withdrawPermissionsIn(stores, taskId, now);
      await failDependents(stores, taskId, now);
      return state;
    });
}
