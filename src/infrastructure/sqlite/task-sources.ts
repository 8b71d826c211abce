import { decodeId } from '../../domain/shared/id.js';
import type { TaskStatus } from '../../domain/task/task.js';
import type { TaskSelection } from '../../domain/task/task-repository.js';
import { TASK_COLUMNS } from './task-rows.js';

/** Rows that are looked at in one go; some milliseconds. A filter that fits few of a million rows must not block the loop. */
export const LIST_STEP = 10_000;

const FITTING = 'id, status, finished_at, workspace_id, agent, task_group, error_code, created_at';
const FITS = `(@status IS NULL OR status = @status)
  AND (@unfinished = 0 OR finished_at IS NULL)
  AND (@workspaceId IS NULL OR workspace_id = @workspaceId)
  AND (@agent IS NULL OR agent = @agent)
  AND (@group IS NULL OR task_group = @group)
  AND (@code IS NULL OR error_code = @code)
  AND (@olderThan IS NULL OR coalesce(finished_at, created_at) < @olderThan)`;

function sourceOf(table: string, condition: string) {
  return {
    floor: `SELECT id FROM ${table} WHERE ${condition} AND id < @below ORDER BY id DESC LIMIT 1 OFFSET ${LIST_STEP - 1}`,
    page: `SELECT ${TASK_COLUMNS} FROM ${table}
      WHERE ${condition} AND id < @below AND id >= @floor AND ${FITS} ORDER BY id DESC LIMIT @limit`,
    // The rows come out one by one, in the order of the inner query, so that a walk that has enough looks at no more.
    older: `SELECT id FROM (SELECT ${FITTING} FROM ${table}
      WHERE ${condition} AND id < @below ORDER BY id DESC LIMIT ${LIST_STEP}) WHERE ${FITS} LIMIT @limit + 0`,
    ceiling: `SELECT id FROM ${table} WHERE ${condition} AND id > @above ORDER BY id LIMIT 1 OFFSET ${LIST_STEP - 1}`,
    younger: `SELECT id FROM (SELECT ${FITTING} FROM ${table}
      WHERE ${condition} AND id > @above AND id <= @newest ORDER BY id LIMIT ${LIST_STEP}) WHERE ${FITS} LIMIT @limit + 0`,
  };
}

/** Where tasks are looked for: an index that holds a state's tasks alone, or all tasks. Down or up by their ids. */
export const TASK_SOURCES = {
  everything: sourceOf('task NOT INDEXED', 'true'),
  blocked: sourceOf('task INDEXED BY task_blocked', "status = 'blocked'"),
  failed: sourceOf('task INDEXED BY task_failed', "status = 'failed'"),
  cancelled: sourceOf('task INDEXED BY task_cancelled', "status = 'cancelled'"),
  // In the order of its index it must be sorted, but no more runs at once than there are agents.
  processing: sourceOf('task INDEXED BY task_processing', "status = 'processing'"),
} as const;
export type TaskSourceName = keyof typeof TASK_SOURCES;

/** What FITS is given; null where anything fits. */
export interface Fitting {
  readonly status: TaskStatus | null;
  readonly unfinished: 0 | 1;
  readonly workspaceId: number | null;
  readonly agent: string | null;
  readonly group: string | null;
  readonly code: string | null;
  readonly olderThan: number | null;
}

/** Where the tasks of a selection are, what of it is left to look at there, and whether that is nothing. */
export function placeOf(selection: TaskSelection): {
  readonly source: TaskSourceName;
  readonly fitting: Fitting;
  readonly everyRowFits: boolean;
} {
  const { status, workspaceId, agent, group, code, olderThan, unfinished } = selection;
  const own = status !== undefined && isSource(status) ? status : null;
  const fitting: Fitting = {
    status: own === null ? (status ?? null) : null,
    unfinished: unfinished === true ? 1 : 0,
    workspaceId: workspaceId === undefined ? null : decodeId(workspaceId),
    agent: agent ?? null,
    group: group ?? null,
    code: code ?? null,
    olderThan: olderThan ?? null,
  };
  const everyRowFits = Object.values(fitting).every((value) => value === null || value === 0);
  return { source: own ?? 'everything', fitting, everyRowFits };
}

function isSource(status: TaskStatus): status is TaskStatus & TaskSourceName {
  return Object.hasOwn(TASK_SOURCES, status);
}
