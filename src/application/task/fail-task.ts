import { failSession } from '../../domain/session/session-transitions.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { FailedTask, ScheduledTask, TaskError } from '../../domain/task/task.js';
import { fail } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { meetLimit } from '../limit/meet-limit.js';
import type { TurnEnd } from '../ports/turn-end.js';
import { failDependents } from './dependency-state.js';
import { endSession } from './end-session.js';
import { parkIn } from './park-task.js';
import { keepRun, prepareRun } from './remember-attempt.js';

/** What else is known of a failure; see TurnEnd. */
export type FailureDetails = Pick<Extract<TurnEnd, { outcome: 'failed' }>, 'ran' | 'resetsAt' | 'limit'>;

/** Takes an attempt's failure, remembers what it ran, and decides whether another follows; one that met a limit closes its account, and its task waits for that or goes to its fallback. Refused for an attempt that is over. */
export function createFailTask(
  needs: Pick<Dependencies, 'transaction' | 'clock' | 'random' | 'settings' | 'redactor' | 'isExcluded' | 'profiles'>,
) {
  const { transaction, clock, random, profiles } = needs;
  const { backoffMs: baseMs, backoffMaxMs: maxMs } = needs.settings.tasks;
  return (
    taskId: TaskId,
    epoch: number,
    error: TaskError,
    exitCode: number | null,
    { ran, resetsAt = null, limit = 'rate' }: FailureDetails = {},
  ): Promise<ScheduledTask | FailedTask> => {
    const { message } = error;
    const run =
      ran === undefined ? null : prepareRun({ ...ran, taskId, epoch, outcome: 'failed', exitCode, message }, needs);
    return transaction(async (stores) => {
      const { tasks, events } = stores;
      const now = clock();
      if (error.code === 'rate_limited') {
        const told = { kind: limit, reason: message, resetsAt };
        const until = await meetLimit(stores, profiles, await tasks.get(taskId), told, now);
        return parkIn(stores, taskId, epoch, { error, until }, now);
      }
      const policy = { baseMs, maxMs, random: random() };
      const { state, events: facts } = fail(await tasks.get(taskId), epoch, error, policy, now);
      await tasks.save(state);
      await tasks.closeAttempt(taskId, epoch, { outcome: 'failed', finishedAt: now, exitCode, error });
      await events.append(facts);
      await keepRun(stores, state, run, now);
      if (state.status === 'failed') {
        await endSession(stores, state, (session) => failSession(session, error.message, now));
        await failDependents(stores, taskId, now);
      }
      return state;
    });
  };
}
