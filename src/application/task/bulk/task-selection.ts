import { z } from 'zod';
import { WorkspaceId } from '../../../domain/shared/id.js';
import type { Timestamp } from '../../../domain/shared/timestamp.js';
import { GroupName, ProfileName, TaskErrorCode, TaskStatus } from '../../../domain/task/task.js';
import type { TaskSelection } from '../../../domain/task/task-repository.js';

/** Longest age that can be asked for, in milliseconds: 100 years. */
const MAX_AGE_MS = 100 * 365 * 24 * 3_600_000;

/** By what tasks are chosen; anything fits what is left out. `olderThanMs`: since it finished, or was enqueued if it has not. */
export const SELECTED_BY = {
  status: TaskStatus.optional(),
  workspaceId: WorkspaceId.optional(),
  agent: ProfileName.optional(),
  group: GroupName.optional(),
  /** Of its error. */
  code: TaskErrorCode.optional(),
  olderThanMs: z.int().min(0).max(MAX_AGE_MS).optional(),
};

const SelectTasks = z.strictObject(SELECTED_BY);

const Unfinished = TaskStatus.extract(['blocked', 'scheduled', 'pending', 'processing'], {
  error: 'Only tasks that are blocked, scheduled, pending or processing can be cancelled.',
});
const Lost = TaskStatus.extract(['failed', 'cancelled'], {
  error: 'Only tasks that failed or were cancelled can be retried or discarded.',
});

/** `unfinished`: none that has completed, failed, or was cancelled. */
export const CountTasks = z.strictObject({ filter: SelectTasks.extend({ unfinished: z.boolean().optional() }) });
export type CountTasks = z.infer<typeof CountTasks>;

/** Tasks that have not finished: all of them when the filter says no status. */
export const SelectUnfinished = SelectTasks.extend({ status: Unfinished.optional() });

/** Tasks that did not complete: the failed ones when the filter says no status. */
export const SelectLost = SelectTasks.extend({ status: Lost.default('failed') });

/** The selection that a filter means now. */
export function selectionOf({ olderThanMs, ...selection }: CountTasks['filter'], now: Timestamp): TaskSelection {
  return { ...selection, olderThan: olderThanMs === undefined ? undefined : now - olderThanMs };
}
