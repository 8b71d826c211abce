import type { PermissionId, TaskId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { interruptIn } from '../task/interrupt-task.js';
import { parkIn } from '../task/park-task.js';

/** Nobody has answered in time: the task is put aside until somebody does. One that was answered meanwhile goes on at once. */
export function createParkForAnswer({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return (taskId: TaskId, epoch: number, permissionId: PermissionId): Promise<void> =>
    transaction(async (stores) => {
      const now = clock();
      const { status, title } = await stores.permissions.get(permissionId);
      if (status !== 'waiting') {
        await interruptIn(
          stores,
          await stores.tasks.get(taskId),
          epoch,
          'It was answered while it was put aside.',
          now,
        );
        return;
      }
      const message = `Waits for leave: ${title}. Answer with cw approve ${permissionId}, or cw deny ${permissionId}.`;
      await parkIn(stores, taskId, epoch, { error: { code: 'parked', message }, until: null }, now);
    });
}
