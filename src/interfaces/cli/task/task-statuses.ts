import type { TaskStatus } from '../../../domain/task/task.js';

/** Each state of a task and the colour it is shown in. Here and not read from the domain's schema, which loads zod. */
export const STATUS_COLOURS = {
  blocked: 'yellow',
  scheduled: 'cyan',
  pending: 'cyan',
  processing: 'blue',
  completed: 'green',
  failed: 'red',
  cancelled: 'gray',
} as const satisfies Record<TaskStatus, string>;

/** What `--status` of a list of tasks takes. */
export const TASK_STATUSES = Object.keys(STATUS_COLOURS);
