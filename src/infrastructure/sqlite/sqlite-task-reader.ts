import { setImmediate } from 'node:timers/promises';
import { notFound } from '../../domain/shared/domain-error.js';
import { decodeId, type TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Attempt } from '../../domain/task/attempt.js';
import type { Dependency } from '../../domain/task/dependency.js';
import type { Task } from '../../domain/task/task.js';
import type {
  RunningTask,
  TaskCounts,
  TaskFilter,
  TaskReader,
  TaskSelection,
  WalkedTasks,
  WalkStep,
} from '../../domain/task/task-repository.js';
import type { TaskList } from './task-list.js';
import type { TaskQueries } from './task-queries.js';
import type { TaskWalk } from './task-walk.js';

/** Committed tasks. */
export class SqliteTaskReader implements TaskReader {
  readonly #queries: TaskQueries;
  readonly #list: TaskList;
  readonly #walk: TaskWalk;
  readonly #counts: () => TaskCounts;

  constructor(queries: TaskQueries, list: TaskList, walk: TaskWalk, counts: () => TaskCounts) {
    this.#queries = queries;
    this.#list = list;
    this.#walk = walk;
    this.#counts = counts;
  }

  async get(id: TaskId): Promise<Task> {
    const task = this.#queries.find(decodeId(id));
    if (task === undefined) throw notFound('task', id);
    return task;
  }

  async find(id: TaskId): Promise<Task | undefined> {
    return this.#queries.find(decodeId(id));
  }

  async list(filter: TaskFilter): Promise<Task[]> {
    const steps = this.#list.rows(filter);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value.map((row) => this.#queries.listed(row));
      await setImmediate();
    }
  }

  async walk(selection: TaskSelection, step: WalkStep): Promise<WalkedTasks> {
    await setImmediate();
    return this.#walk.step(selection, step);
  }

  async counts(): Promise<TaskCounts> {
    return this.#counts();
  }

  async oldestPending(): Promise<Timestamp | null> {
    return this.#queries.oldestPending();
  }

  async running(): Promise<RunningTask[]> {
    return this.#queries.running();
  }

  async attempts(id: TaskId): Promise<Attempt[]> {
    return this.#queries.attempts(id, decodeId(id));
  }

  async predecessors(id: TaskId, limit: number): Promise<Dependency[]> {
    return this.#queries.dependencies.predecessors(decodeId(id), limit);
  }

  async successors(id: TaskId, limit: number): Promise<Dependency[]> {
    return this.#queries.dependencies.successors(decodeId(id), limit);
  }
}
