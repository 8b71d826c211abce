import type { Database, Statement } from 'better-sqlite3';
import { decodeId } from '../../domain/shared/id.js';
import type { TaskStatus } from '../../domain/task/task.js';
import type { TaskFilter } from '../../domain/task/task-repository.js';
import { TASK_COLUMNS, type TaskRow } from './task-rows.js';

/** Rows that are looked at in one go; some milliseconds. A filter that fits few of a million rows must not block the loop. */
export const LIST_STEP = 10_000;

interface ListStatements {
  readonly floor: string;
  readonly page: string;
}

function listOf(table: string, condition: string): ListStatements {
  return {
    floor: `SELECT id FROM ${table} WHERE ${condition} AND id < @below ORDER BY id DESC LIMIT 1 OFFSET ${LIST_STEP - 1}`,
    page: `SELECT ${TASK_COLUMNS} FROM ${table}
      WHERE ${condition} AND id < @below AND id >= @floor
        AND (@status IS NULL OR status = @status)
        AND (@workspaceId IS NULL OR workspace_id = @workspaceId)
        AND (@agent IS NULL OR agent = @agent)
      ORDER BY id DESC LIMIT @limit`,
  };
}

/** Where a list starts from: an index that holds a state's tasks alone, or all tasks. */
export const TASK_LISTS = {
  everything: listOf('task NOT INDEXED', 'true'),
  blocked: listOf('task INDEXED BY task_blocked', "status = 'blocked'"),
  failed: listOf('task INDEXED BY task_failed', "status = 'failed'"),
  cancelled: listOf('task INDEXED BY task_cancelled', "status = 'cancelled'"),
  // In the order of its index it must be sorted, but no more runs at once than there are agents.
  processing: listOf('task INDEXED BY task_processing', "status = 'processing'"),
} as const;

interface PageFilter {
  below: number;
  floor: number;
  status: TaskStatus | null;
  workspaceId: number | null;
  agent: string | null;
  limit: number;
}

/** Where a list's rows come from, newest first. */
interface Source {
  /** The id that is LIST_STEP rows further down. */
  readonly floor: Statement<[{ below: number }], number>;
  readonly page: Statement<[PageFilter], TaskRow>;
}

/** The list of tasks, prepared for a connection. */
export class TaskList {
  readonly #everything: Source;
  readonly #byStatus: Partial<Record<TaskStatus, Source>>;

  constructor(database: Database) {
    this.#everything = source(database, TASK_LISTS.everything);
    this.#byStatus = {
      blocked: source(database, TASK_LISTS.blocked),
      failed: source(database, TASK_LISTS.failed),
      cancelled: source(database, TASK_LISTS.cancelled),
      processing: source(database, TASK_LISTS.processing),
    };
  }

  /** Reads the rows in steps; the caller may do something else at each `yield`. */
  *rows(filter: TaskFilter): Generator<undefined, TaskRow[]> {
    const own = filter.status === undefined ? undefined : this.#byStatus[filter.status];
    const from = own ?? this.#everything;
    const page: PageFilter = {
      status: own === undefined ? (filter.status ?? null) : null,
      workspaceId: filter.workspaceId === undefined ? null : decodeId(filter.workspaceId),
      agent: filter.agent ?? null,
      below: filter.before === undefined ? Number.MAX_SAFE_INTEGER : decodeId(filter.before),
      floor: 0,
      limit: filter.limit,
    };
    const everyRowFits = page.status === null && page.workspaceId === null && page.agent === null;
    if (everyRowFits) return from.page.all(page);

    const rows: TaskRow[] = [];
    for (;;) {
      page.floor = from.floor.get({ below: page.below }) ?? 0;
      for (const row of from.page.all(page)) rows.push(row);
      page.limit = filter.limit - rows.length;
      if (page.limit === 0 || page.floor === 0) return rows;
      page.below = page.floor;
      yield;
    }
  }
}

function source(database: Database, { floor, page }: ListStatements): Source {
  return {
    floor: database.prepare<[{ below: number }], number>(floor).pluck(),
    page: database.prepare<[PageFilter], TaskRow>(page).raw(),
  };
}
