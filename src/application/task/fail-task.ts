import type { TaskId } from '../../domain/shared/id.js';
import type { FailedTask, ScheduledTask, TaskError } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import { meetLimit } from '../limit/meet-limit.js';
import type { TurnEnd } from '../ports/turn-end.js';
import { failAttempt, retryPolicy } from './fail-attempt.js';
import { parkIn } from './park-task.js';
import { prepareRun } from './remember-attempt.js';

/** What else is known of a failure; see TurnEnd. */
export type FailureDetails = Pick<Extract<TurnEnd, { outcome: 'failed' }>, 'ran' | 'resetsAt' | 'limit' | 'retry'>;

/** Takes an attempt's failure, remembers what it ran, and decides whether another follows; one that met a limit closes its account, and its task waits for that or goes to its fallback. Refused for an attempt that is over. */
export function createFailTask(
  needs: Pick<Dependencies, 'transaction' | 'clock' | 'random' | 'settings' | 'redactor' | 'isExcluded' | 'profiles'>,
) {
  const { transaction, clock, profiles } = needs;
  return (
    taskId: TaskId,
    epoch: number,
    error: TaskError,
    exitCode: number | null,
    { ran, resetsAt = null, limit = 'rate', retry }: FailureDetails = {},
  ): Promise<ScheduledTask | FailedTask> => {
    const { message } = error;
    const run =
      ran === undefined ? null : prepareRun({ ...ran, taskId, epoch, outcome: 'failed', exitCode, message }, needs);
    return transaction(async (stores) => {
      const now = clock();
      const task = await stores.tasks.get(taskId);
      if (error.code === 'rate_limited') {
        const told = { kind: limit, reason: message, resetsAt };
        const until = await meetLimit(stores, profiles, task, told, now);
        return parkIn(stores, taskId, epoch, { error, until }, now);
      }
      const failure = { outcome: 'failed', exitCode, error, run } as const;
      return failAttempt(stores, task, epoch, failure, retryPolicy(needs, retry), now);
    });
  };
}
