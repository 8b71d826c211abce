import type { Database, Statement } from 'better-sqlite3';
import type { TaskStatus } from '../../domain/task/task.js';
import type { TaskCounts } from '../../domain/task/task-repository.js';
import type { Companion } from './group-commit.js';

export const TASK_COUNT_STATEMENTS = {
  add: 'UPDATE task_count SET n = n + ? WHERE status = ?',
  all: 'SELECT status, n FROM task_count',
} as const;

/** The order in which counts stand in an array; adding seven numbers up must cost nothing beside a write. */
const PLACE: Record<TaskStatus, number> = {
  blocked: 0,
  scheduled: 1,
  pending: 2,
  processing: 3,
  completed: 4,
  failed: 5,
  cancelled: 6,
};
const STATUSES = Object.keys(PLACE) as TaskStatus[];

/**
 * How many tasks are in each state, for the connection that writes. Changes are collected in memory, per transaction
 * and per group, and written once before the COMMIT: a trigger would write a row at every step of every task.
 */
export class WriterTaskCounts implements Companion {
  readonly #add: Statement<[number, TaskStatus]>;
  readonly #onDisk = new Float64Array(STATUSES.length);
  readonly #group = new Float64Array(STATUSES.length);
  readonly #transaction = new Float64Array(STATUSES.length);

  constructor(database: Database) {
    this.#add = database.prepare(TASK_COUNT_STATEMENTS.add);
    const onDisk = readTaskCounts(database)();
    for (const status of STATUSES) this.#onDisk[PLACE[status]] = onDisk[status];
  }

  /** Counts a task that goes from one state to another; `undefined` for one that was not there, or is no more. */
  move(from: TaskStatus | undefined, to: TaskStatus | undefined): void {
    if (from !== undefined) add(this.#transaction, PLACE[from], -1);
    if (to !== undefined) add(this.#transaction, PLACE[to], 1);
  }

  /** The counts as the running transaction sees them. */
  current(): TaskCounts {
    const counts = noTasks();
    for (const status of STATUSES) {
      const place = PLACE[status];
      for (const part of [this.#onDisk, this.#group, this.#transaction]) counts[status] += part[place] ?? 0;
    }
    return counts;
  }

  keep(): void {
    addAll(this.#group, this.#transaction);
    this.#transaction.fill(0);
  }

  undo(): void {
    this.#transaction.fill(0);
  }

  flush(): void {
    for (const status of STATUSES) {
      const change = this.#group[PLACE[status]] ?? 0;
      if (change !== 0) this.#add.run(change, status);
    }
  }

  committed(): void {
    addAll(this.#onDisk, this.#group);
    this.#group.fill(0);
  }

  lost(): void {
    this.#group.fill(0);
    this.#transaction.fill(0);
  }
}

/** Prepares the reading of the counts as they are on disk. */
export function readTaskCounts(database: Database): () => TaskCounts {
  const select = database.prepare<[], [TaskStatus, number]>(TASK_COUNT_STATEMENTS.all).raw();
  return () => {
    const counts = noTasks();
    for (const [status, n] of select.all()) counts[status] = n;
    return counts;
  };
}

function noTasks(): TaskCounts {
  return { blocked: 0, scheduled: 0, pending: 0, processing: 0, completed: 0, failed: 0, cancelled: 0 };
}

function add(to: Float64Array, place: number, n: number): void {
  to[place] = (to[place] ?? 0) + n;
}

function addAll(to: Float64Array, from: Float64Array): void {
  for (let place = 0; place < from.length; place += 1) add(to, place, from[place] ?? 0);
}
