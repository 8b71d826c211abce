import { withdrawPermission } from '../../domain/permission/permission-transitions.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';

/** Withdraws what a task's agent still waits for. */
export function createWithdrawPermissions({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return (taskId: TaskId): Promise<void> => transaction((stores) => withdrawPermissionsIn(stores, taskId, clock()));
}

/** A task is over: nobody needs an answer to what its agent asked. */
export async function withdrawPermissionsIn(
  { permissions, events }: Stores,
  taskId: TaskId,
  now: Timestamp,
): Promise<void> {
  for (const permission of await permissions.waitingOf(taskId)) {
    const { state, events: facts } = withdrawPermission(permission, now);
    await permissions.save(state);
    await events.append(facts);
  }
}
