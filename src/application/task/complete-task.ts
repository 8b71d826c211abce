import { closeSession } from '../../domain/session/session-transitions.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { CompletedTask, TaskResult } from '../../domain/task/task.js';
import { complete } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { releaseDependents } from './dependency-state.js';
import { endSession } from './end-session.js';

/** Takes an attempt's result. Refused for an attempt that is over. */
export function createCompleteTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return (taskId: TaskId, epoch: number, result: TaskResult): Promise<CompletedTask> =>
    transaction(async (stores) => {
      const { tasks, events } = stores;
      const now = clock();
      const { state, events: facts } = complete(await tasks.get(taskId), epoch, result, now);
      await tasks.save(state);
      const { exitCode } = result;
      await tasks.closeAttempt(taskId, epoch, { outcome: 'completed', finishedAt: now, exitCode, error: null });
      await events.append(facts);
      await endSession(stores, state, (session) => closeSession(session, now));
      await releaseDependents(stores, taskId, now);
      return state;
    });
}
