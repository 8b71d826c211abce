import { DomainError } from '../shared/domain-error.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { PendingTask, ScheduledTask, Task } from './task.js';

/** A task that waits for nothing but its time. */
export function readyOrScheduled(
  task: Omit<PendingTask, 'status'>,
  runAt: Timestamp,
  now: Timestamp,
): PendingTask | ScheduledTask {
  return runAt > now ? { ...task, status: 'scheduled' } : { ...task, status: 'pending' };
}

/** The refusal of what a task in its state does not do. */
export function invalidTransition(verb: string, task: Task): DomainError {
  return new DomainError('invalid_transition', `Cannot ${verb} ${task.id}: it is ${task.status}.`);
}
