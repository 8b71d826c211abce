import type { Database, Statement } from 'better-sqlite3';
import { decodeId, encodeId } from '../../domain/shared/id.js';
import type { TaskSelection, WalkedTasks, WalkStep } from '../../domain/task/task-repository.js';
import { type Fitting, placeOf, TASK_SOURCES, type TaskSourceName } from './task-sources.js';

/** Where a walk goes on; the ids of tasks begin with 1. */
interface Stretch {
  readonly keys: number[];
  readonly next: number | null;
}

type Down = Fitting & { readonly below: number; readonly limit: number };
type Up = Fitting & { readonly above: number; readonly newest: number; readonly limit: number };

interface Statements {
  readonly floor: Statement<[{ below: number }], number>;
  readonly older: Statement<[Down], number>;
  readonly ceiling: Statement<[{ above: number }], number>;
  readonly younger: Statement<[Up], number>;
}

/** Walks over the tasks that a filter fits, LIST_STEP rows in a step. Prepared at the first walk: few servers see one. */
export class TaskWalk {
  readonly #database: Database;
  readonly #prepared = new Map<TaskSourceName, Statements>();

  constructor(database: Database) {
    this.#database = database;
  }

  step(selection: TaskSelection, step: WalkStep): WalkedTasks {
    const { keys, next } = step.order === 'newest' ? this.#down(selection, step) : this.#up(selection, step);
    return { ids: keys.map((key) => encodeId('task', key)), next: next === null ? null : encodeId('task', next) };
  }

  #down(selection: TaskSelection, { from, newest, limit }: WalkStep): Stretch {
    const { source, fitting } = placeOf(selection);
    const { older, floor } = this.#statements(source);
    const below = from === null ? decodeId(newest) + 1 : decodeId(from);
    const keys = older.all({ ...fitting, below, limit });
    return { keys, next: (keys.length === limit ? keys.at(-1) : floor.get({ below })) ?? null };
  }

  #up(selection: TaskSelection, { from, newest: last, limit }: WalkStep): Stretch {
    const { source, fitting } = placeOf(selection);
    const { younger, ceiling } = this.#statements(source);
    const newest = decodeId(last);
    const above = from === null ? 0 : decodeId(from);
    const keys = younger.all({ ...fitting, above, newest, limit });
    if (keys.length === limit) return { keys, next: keys.at(-1) ?? null };
    const next = ceiling.get({ above }) ?? newest;
    return { keys, next: next < newest ? next : null };
  }

  #statements(source: TaskSourceName): Statements {
    const known = this.#prepared.get(source);
    if (known !== undefined) return known;
    const { floor, older, ceiling, younger } = TASK_SOURCES[source];
    const database = this.#database;
    const statements: Statements = {
      floor: database.prepare<[{ below: number }], number>(floor).pluck(),
      older: database.prepare<[Down], number>(older).pluck(),
      ceiling: database.prepare<[{ above: number }], number>(ceiling).pluck(),
      younger: database.prepare<[Up], number>(younger).pluck(),
    };
    this.#prepared.set(source, statements);
    return statements;
  }
}
