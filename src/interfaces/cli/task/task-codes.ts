import type { TaskErrorCode } from '../../../domain/task/task.js';

/** What `--code` takes. Here and not read from the domain's schema, which loads zod. */
export const TASK_CODES = Object.keys({
  failed: true,
  timeout: true,
  crashed: true,
  usage: true,
  cancelled: true,
  dependency_failed: true,
  deadline: true,
  interrupted: true,
  rate_limited: true,
  parked: true,
} satisfies Record<TaskErrorCode, true>);
