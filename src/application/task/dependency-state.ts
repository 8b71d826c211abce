import { DomainError } from '../../domain/shared/domain-error.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Task } from '../../domain/task/task.js';
import type { TaskRepository } from '../../domain/task/task-repository.js';
import { failDependency, releaseDependency } from '../../domain/task/task-transitions.js';
import type { Stores } from '../ports/transaction.js';

/**
 * How many of these a task still waits for. Throws `not_found` for an unknown one, and `conflict` for one that never will
 * complete, unless the task runs anyway.
 */
export async function countUnmet(
  tasks: TaskRepository,
  after: readonly TaskId[],
  onFailure: Task['onFailure'],
): Promise<number> {
  let unmet = 0;
  for (const id of after) {
    const { status } = await tasks.get(id);
    if (status === 'failed' || status === 'cancelled') {
      if (onFailure === 'run') continue;
      throw new DomainError('conflict', `Cannot wait for ${id}: it is ${status}. Retry it first, or leave it out.`);
    }
    if (status !== 'completed') unmet += 1;
  }
  return unmet;
}

/** A task completed: those that come after it wait for one less. */
export async function releaseDependents({ tasks, events }: Stores, id: TaskId, now: Timestamp): Promise<void> {
  for (const dependent of await tasks.dependents(id)) {
    const { state, events: facts } = releaseDependency(dependent, now);
    await tasks.save(state);
    await events.append(facts);
  }
}

/** A task will never complete: neither will those that come after it, nor those after them, but for what runs anyway. */
export async function failDependents({ tasks, events }: Stores, id: TaskId, now: Timestamp): Promise<void> {
  const lost = [id];
  for (let cause = lost.pop(); cause !== undefined; cause = lost.pop()) {
    for (const dependent of await tasks.dependents(cause)) {
      const goesOn = dependent.onFailure === 'run';
      const { state, events: facts } = goesOn
        ? releaseDependency(dependent, now)
        : failDependency(dependent, cause, now);
      await tasks.save(state);
      await events.append(facts);
      if (!goesOn) lost.push(state.id);
    }
  }
}
