import { z } from 'zod';
import { DomainError } from '../../domain/shared/domain-error.js';
import { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { attemptName } from '../../domain/task/attempt.js';
import type { CancelledTask, FailedTask } from '../../domain/task/task.js';
import { discard } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Expired } from '../ports/expired.js';
import type { Stores } from '../ports/transaction.js';

/** So many directories are removed by one job, which a stop waits for. */
const REMOVED_AT_ONCE = 100;

export const DiscardTask = z.strictObject({ taskId: TaskId });
export type DiscardTask = z.infer<typeof DiscardTask>;

export interface RemoveOutputs extends Pick<Dependencies, 'logger'> {
  readonly expired: Pick<Expired, 'removeRuns'>;
  readonly closing: AbortSignal;
}

/** Takes a failed or cancelled task out for good, with its attempts and their output; gives it as it was. */
export function createDiscardTask(needs: Pick<Dependencies, 'transaction' | 'clock'> & RemoveOutputs) {
  return async ({ taskId }: DiscardTask): Promise<FailedTask | CancelledTask> => {
    const task = await needs.transaction((stores) => discardIn(stores, taskId, needs.clock()));
    await removeOutputs(needs, [task]);
    return task;
  };
}

/** Throws `invalid_transition`, and `conflict` while a task that comes after it could still be retried. */
export async function discardIn(
  { tasks, events }: Stores,
  taskId: TaskId,
  now: Timestamp,
): Promise<FailedTask | CancelledTask> {
  const { state, events: facts } = discard(await tasks.get(taskId), now);
  if (!(await tasks.discard(taskId))) {
    throw new DomainError(
      'conflict',
      `Cannot discard ${taskId}: a task that comes after it has not completed. Discard that one first.`,
    );
  }
  await events.append(facts);
  return state;
}

/** Removes what the attempts at these have left; what cannot be removed goes with the next prune. */
export async function removeOutputs(
  { expired, closing, logger }: RemoveOutputs,
  tasks: readonly Pick<FailedTask, 'id' | 'epoch'>[],
): Promise<void> {
  const attempts = tasks.flatMap(({ id, epoch }) => Array.from({ length: epoch }, (_, n) => attemptName(id, n + 1)));
  if (attempts.length === 0 || closing.aborted) return;
  for (let at = 0; at < attempts.length; at += REMOVED_AT_ONCE) {
    const { problem } = await expired.removeRuns(attempts.slice(at, at + REMOVED_AT_ONCE), closing);
    if (problem !== null) logger.warn('the output of a discarded task cannot be removed', { problem });
  }
}
