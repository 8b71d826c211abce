import { closeSession } from '../../domain/session/session-transitions.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { CompletedTask, TaskResult } from '../../domain/task/task.js';
import { complete } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Ran } from '../ports/turn-end.js';
import { releaseDependents } from './dependency-state.js';
import { endSession } from './end-session.js';
import { keepRun, prepareRun } from './remember-attempt.js';

/** Takes an attempt's result, and remembers what it ran. Refused for an attempt that is over. */
export function createCompleteTask(
  needs: Pick<Dependencies, 'transaction' | 'clock' | 'redactor' | 'isExcluded' | 'settings'>,
) {
  const { transaction, clock } = needs;
  return (taskId: TaskId, epoch: number, result: TaskResult, ran?: Ran): Promise<CompletedTask> => {
    const { exitCode } = result;
    const run = ran === undefined ? null : prepareRun({ ...ran, taskId, epoch, outcome: 'done', exitCode }, needs);
    return transaction(async (stores) => {
      const { tasks, events } = stores;
      const now = clock();
      const { state, events: facts } = complete(await tasks.get(taskId), epoch, result, now);
      await tasks.save(state);
      await tasks.closeAttempt(taskId, epoch, { outcome: 'completed', finishedAt: now, exitCode, error: null });
      await events.append(facts);
      await keepRun(stores, state, run, now);
      await endSession(stores, state, (session) => closeSession(session, now));
      await releaseDependents(stores, taskId, now);
      return state;
    });
  };
}
