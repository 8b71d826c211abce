import type { Database, Statement } from 'better-sqlite3';
import type { TaskStatus } from '../../domain/task/task.js';
import type { TaskCounts } from '../../domain/task/task-repository.js';
import type { Companion } from './group-commit.js';

/**
 * How many tasks are in each state, for the connection that writes. Changes are collected in memory, per transaction
 * and per group, and written once before the COMMIT: a trigger would write a row at every step of every task.
 */
export class WriterTaskCounts implements Companion {
  readonly #add: Statement<[number, TaskStatus]>;
  readonly #onDisk: TaskCounts;
  readonly #group = noTasks();
  readonly #transaction = noTasks();

  constructor(database: Database) {
    this.#add = database.prepare('UPDATE task_count SET n = n + ? WHERE status = ?');
    this.#onDisk = readTaskCounts(database)();
  }

  /** Counts a task that goes from one state to another; `undefined` for one that was not there. */
  move(from: TaskStatus | undefined, to: TaskStatus): void {
    if (from !== undefined) this.#transaction[from] -= 1;
    this.#transaction[to] += 1;
  }

  /** The counts as the running transaction sees them. */
  current(): TaskCounts {
    const counts = noTasks();
    for (const status of STATUSES) {
      counts[status] = this.#onDisk[status] + this.#group[status] + this.#transaction[status];
    }
    return counts;
  }

  keep(): void {
    addAll(this.#group, this.#transaction);
    clear(this.#transaction);
  }

  undo(): void {
    clear(this.#transaction);
  }

  flush(): void {
    for (const status of STATUSES) {
      if (this.#group[status] !== 0) this.#add.run(this.#group[status], status);
    }
  }

  committed(): void {
    addAll(this.#onDisk, this.#group);
    clear(this.#group);
  }

  lost(): void {
    clear(this.#group);
    clear(this.#transaction);
  }
}

/** Prepares the reading of the counts as they are on disk. */
export function readTaskCounts(database: Database): () => TaskCounts {
  const select = database.prepare<[], [TaskStatus, number]>('SELECT status, n FROM task_count').raw();
  return () => {
    const counts = noTasks();
    for (const [status, n] of select.all()) counts[status] = n;
    return counts;
  };
}

function noTasks(): TaskCounts {
  return { blocked: 0, scheduled: 0, pending: 0, processing: 0, completed: 0, failed: 0, cancelled: 0 };
}

const STATUSES = Object.keys(noTasks()) as TaskStatus[];

function addAll(to: TaskCounts, from: TaskCounts): void {
  for (const status of STATUSES) to[status] += from[status];
}

function clear(counts: TaskCounts): void {
  for (const status of STATUSES) counts[status] = 0;
}
