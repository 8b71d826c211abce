import type { TaskId } from '../../domain/shared/id.js';
import { type Progress, progress } from '../../domain/task/task-transitions.js';
import type { Dependencies } from '../dependencies.js';

/** Announces how far an attempt has come. Refused for an attempt that is over. */
export function createProgressTask({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return (taskId: TaskId, epoch: number, made: Progress): Promise<void> =>
    transaction(async ({ tasks, events }) => {
      const { events: facts } = progress(await tasks.get(taskId), epoch, made, clock());
      await events.append(facts);
    });
}
