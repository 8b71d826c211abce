import type { Change } from '../shared/change.js';
import { DomainError } from '../shared/domain-error.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { BlockedTask, PendingTask, ProcessingTask, ScheduledTask, Task } from './task.js';
import type { TaskEvent } from './task-event.js';
import { invalidTransition, readyOrScheduled } from './transition-parts.js';

/** What is to be different about a task that has not finished; undefined for what stays. No deadline is null. */
export interface WantedChange {
  readonly priority?: number | undefined;
  readonly runAt?: Timestamp | undefined;
  readonly deadline?: Timestamp | null | undefined;
}

type Unfinished = BlockedTask | ScheduledTask | PendingTask | ProcessingTask;

/** Changes where a task stands in the queue, when it may run and until when. One that runs has only its deadline left. */
export function changeTask(task: Task, wanted: WantedChange, now: Timestamp): Change<Unfinished, TaskEvent> {
  const { priority = task.priority, runAt = task.runAt, deadline = task.deadline } = wanted;
  const state = moved(task, wanted, { priority, runAt, deadline }, now);
  if (deadline !== null && deadline <= Math.max(now, state.status === 'processing' ? now : runAt)) {
    throw new DomainError(
      'invalid_input',
      `The deadline of ${task.id} would pass before it can run; choose a later one.`,
    );
  }
  const data = { status: state.status, priority, runAt, deadline };
  return { state, events: [{ type: 'task.changed', at: now, taskId: task.id, data }] };
}

function moved(
  task: Task,
  wanted: WantedChange,
  order: Pick<Task, 'priority' | 'runAt' | 'deadline'>,
  now: Timestamp,
): Unfinished {
  switch (task.status) {
    case 'processing':
      if (wanted.priority === undefined && wanted.runAt === undefined) return { ...task, deadline: order.deadline };
      throw new DomainError('invalid_transition', `Cannot change when ${task.id} runs: it runs already.`);
    case 'blocked':
      return { ...task, ...order };
    case 'scheduled':
      if (wanted.runAt === undefined) return { ...task, ...order };
      refuseParked(task);
      return readyOrScheduled({ ...task, ...order }, order.runAt, now);
    case 'pending':
      return readyOrScheduled({ ...task, ...order }, order.runAt, now);
    case 'completed':
    case 'failed':
    case 'cancelled':
      throw invalidTransition('change', task);
  }
}

/** What waits for something else than a time does not begin because its time is another. */
function refuseParked({ id, error }: ScheduledTask): void {
  if (error?.code !== 'parked' && error?.code !== 'rate_limited') return;
  throw new DomainError('invalid_transition', `Cannot change when ${id} runs: ${error.message}`);
}
