import type { Database, Statement } from 'better-sqlite3';
import { decodeId } from '../../domain/shared/id.js';
import type { TaskFilter } from '../../domain/task/task-repository.js';
import type { TaskRow } from './task-rows.js';
import { type Fitting, placeOf, TASK_SOURCES, type TaskSourceName } from './task-sources.js';

interface PageFilter extends Fitting {
  readonly below: number;
  readonly floor: number;
  readonly limit: number;
}

/** Where a list's rows come from, newest first. */
interface Source {
  /** The id that is LIST_STEP rows further down. */
  readonly floor: Statement<[{ below: number }], number>;
  readonly page: Statement<[PageFilter], TaskRow>;
}

/** The list of tasks, prepared for a connection. */
export class TaskList {
  readonly #sources: Readonly<Record<TaskSourceName, Source>>;

  constructor(database: Database) {
    this.#sources = {
      everything: source(database, 'everything'),
      blocked: source(database, 'blocked'),
      failed: source(database, 'failed'),
      cancelled: source(database, 'cancelled'),
      processing: source(database, 'processing'),
    };
  }

  /** Reads the rows in steps; the caller may do something else at each `yield`. */
  *rows(filter: TaskFilter): Generator<undefined, TaskRow[]> {
    const { source: name, fitting, everyRowFits } = placeOf(filter);
    const from = this.#sources[name];
    let below = filter.before === undefined ? Number.MAX_SAFE_INTEGER : decodeId(filter.before);
    if (everyRowFits) return from.page.all({ ...fitting, below, floor: 0, limit: filter.limit });

    const rows: TaskRow[] = [];
    for (;;) {
      const floor = from.floor.get({ below }) ?? 0;
      for (const row of from.page.all({ ...fitting, below, floor, limit: filter.limit - rows.length })) rows.push(row);
      if (rows.length === filter.limit || floor === 0) return rows;
      below = floor;
      yield;
    }
  }
}

function source(database: Database, name: TaskSourceName): Source {
  const { floor, page } = TASK_SOURCES[name];
  return {
    floor: database.prepare<[{ below: number }], number>(floor).pluck(),
    page: database.prepare<[PageFilter], TaskRow>(page).raw(),
  };
}
