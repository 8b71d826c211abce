import { DomainError, notFound } from '../../domain/shared/domain-error.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependency, Dependent } from '../../domain/task/dependency.js';
import type { TaskRepository } from '../../domain/task/task-repository.js';
import { failDependency, releaseDependency } from '../../domain/task/task-transitions.js';
import type { Stores } from '../ports/transaction.js';

/**
 * How many of these a task still waits for. Throws `not_found` for an unknown one, and `conflict` for one that never will
 * complete, unless the task runs anyway.
 */
export async function countUnmet(
  tasks: Pick<TaskRepository, 'statusOf'>,
  dependencies: readonly Dependency[],
): Promise<number> {
  let unmet = 0;
  for (const { task: id, onFailure } of dependencies) {
    const status = await tasks.statusOf(id);
    if (status === undefined) throw notFound('task', id);
    if (status === 'failed' || status === 'cancelled') {
      if (onFailure === 'run') continue;
      throw new DomainError('conflict', `Cannot wait for ${id}: it is ${status}. Retry it first, or leave it out.`);
    }
    if (status !== 'completed') unmet += 1;
  }
  return unmet;
}

/** A task completed: those that come after it wait for one less. */
export async function releaseDependents(stores: Stores, id: TaskId, now: Timestamp): Promise<void> {
  for (const dependent of await stores.tasks.dependents(id)) await release(stores, dependent, now);
}

/** Only the one that need not wait any more is read: one that comes after 10,000 others would be read as often. */
async function release({ tasks, events }: Stores, { task: id, waitingFor }: Dependent, now: Timestamp): Promise<void> {
  if (waitingFor > 1) {
    await tasks.waitFor(id, waitingFor - 1);
    return;
  }
  const { state, events: facts } = releaseDependency(await tasks.get(id), now);
  await tasks.save(state);
  await events.append(facts);
}

/**
 * A task that had ended without success is to run again. What waits for others besides, and would have run without it, has
 * counted it as over already.
 */
export async function holdDependents({ tasks }: Stores, id: TaskId): Promise<void> {
  for (const { task, waitingFor } of await tasks.dependents(id)) await tasks.waitFor(task, waitingFor + 1);
}

/** A task will never complete: neither will those that come after it, nor those after them, but for what runs anyway. */
export async function failDependents(stores: Stores, id: TaskId, now: Timestamp): Promise<void> {
  const { tasks, events } = stores;
  const lost = [id];
  for (let cause = lost.pop(); cause !== undefined; cause = lost.pop()) {
    for (const dependent of await tasks.dependents(cause)) {
      if (dependent.onFailure === 'run') {
        await release(stores, dependent, now);
        continue;
      }
      const { state, events: facts } = failDependency(await tasks.get(dependent.task), cause, now);
      await tasks.save(state);
      await events.append(facts);
      lost.push(state.id);
    }
  }
}
