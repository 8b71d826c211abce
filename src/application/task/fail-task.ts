import { failSession } from '../../domain/session/session-transitions.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { FailedTask, ScheduledTask, TaskError } from '../../domain/task/task.js';
import { fail } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { failDependents } from './dependency-state.js';
import { endSession } from './end-session.js';

/** Takes an attempt's failure and decides whether another follows. Refused for an attempt that is over. */
export function createFailTask({
  transaction,
  clock,
  random,
  settings,
}: Pick<Dependencies, 'transaction' | 'clock' | 'random' | 'settings'>) {
  const { backoffMs: baseMs, backoffMaxMs: maxMs } = settings.tasks;
  return (
    taskId: TaskId,
    epoch: number,
    error: TaskError,
    exitCode: number | null,
  ): Promise<ScheduledTask | FailedTask> =>
    transaction(async (stores) => {
      const { tasks, events } = stores;
      const now = clock();
      const policy = { baseMs, maxMs, random: random() };
      const { state, events: facts } = fail(await tasks.get(taskId), epoch, error, policy, now);
      await tasks.save(state);
      await tasks.closeAttempt(taskId, epoch, { outcome: 'failed', finishedAt: now, exitCode, error });
      await events.append(facts);
      if (state.status === 'failed') {
        await endSession(stores, state, (session) => failSession(session, error.message, now));
        await failDependents(stores, taskId, now);
      }
      return state;
    });
}
