import { notFound } from '../../domain/shared/domain-error.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Attempt } from '../../domain/task/attempt.js';
import type { Dependency } from '../../domain/task/dependency.js';
import { listedText } from '../../domain/task/listed-text.js';
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
import { readyOf } from './memory-queue-order.js';
import { newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Tasks and attempts as these rows show them. */
export class MemoryTaskReader implements TaskReader {
  readonly #guard: Guard;
  readonly #tasks: Rows<Task>;
  readonly #attempts: Rows<Attempt>;
  readonly #dependencies: Rows<readonly Dependency[]>;

  constructor(guard: Guard, tasks: Rows<Task>, attempts: Rows<Attempt>, dependencies: Rows<readonly Dependency[]>) {
    this.#guard = guard;
    this.#tasks = tasks;
    this.#attempts = attempts;
    this.#dependencies = dependencies;
  }

  async get(id: TaskId): Promise<Task> {
    const task = await this.find(id);
    if (task === undefined) throw notFound('task', id);
    return task;
  }

  async find(id: TaskId): Promise<Task | undefined> {
    this.#guard();
    return this.#tasks.get(id);
  }

  async list(filter: TaskFilter): Promise<Task[]> {
    this.#guard();
    return newest(this.#tasks, filter, (task) => fits(task, filter)).map(listed);
  }

  async walk(selection: TaskSelection, { order, from, newest: last, limit }: WalkStep): Promise<WalkedTasks> {
    this.#guard();
    const up = order === 'oldest';
    const ids = [...this.#tasks.all()]
      .filter((task) => task.id <= last && fits(task, selection))
      .map(({ id }) => id)
      .filter((id) => from === null || (up ? id > from : id < from))
      .sort((a, b) => (a < b === up ? -1 : 1))
      .slice(0, limit);
    return { ids, next: ids.length === limit ? (ids.at(-1) ?? null) : null };
  }

  async counts(): Promise<TaskCounts> {
    this.#guard();
    const counts = { blocked: 0, scheduled: 0, pending: 0, processing: 0, completed: 0, failed: 0, cancelled: 0 };
    for (const { status } of this.#tasks.all()) counts[status] += 1;
    return counts;
  }

  async oldestPending(): Promise<Timestamp | null> {
    this.#guard();
    const ready = readyOf(this.#tasks).map(({ runAt }) => runAt);
    return ready.length === 0 ? null : Math.min(...ready);
  }

  async running(): Promise<RunningTask[]> {
    this.#guard();
    return [...this.#tasks.all()]
      .filter(({ status }) => status === 'processing')
      .map(({ agent, workspaceId, group }) => ({ agent, workspaceId, group }));
  }

  async attempts(id: TaskId): Promise<Attempt[]> {
    this.#guard();
    return [...this.#attempts.all()].filter(({ taskId }) => taskId === id).sort((a, b) => a.epoch - b.epoch);
  }

  async predecessors(id: TaskId, limit: number): Promise<Dependency[]> {
    this.#guard();
    return (this.#dependencies.get(id) ?? []).slice(0, limit);
  }

  async successors(id: TaskId, limit: number): Promise<Dependency[]> {
    this.#guard();
    return [...this.#tasks.all()]
      .flatMap(({ id: task }) => {
        const own = this.#dependencies.get(task)?.find((dependency) => dependency.task === id);
        return own === undefined ? [] : [{ task, onFailure: own.onFailure }];
      })
      .sort((a, b) => (a.task < b.task ? -1 : 1))
      .slice(0, limit);
  }
}

function listed(task: Task): Task {
  const prompt = listedText(task.prompt);
  if (task.status !== 'completed') return { ...task, prompt };
  return { ...task, prompt, result: { ...task.result, text: listedText(task.result.text) } };
}

function fits(task: Task, { status, unfinished, workspaceId, agent, group, code, olderThan }: TaskSelection): boolean {
  return (
    (status === undefined || task.status === status) &&
    (unfinished !== true || task.finishedAt === null) &&
    (workspaceId === undefined || task.workspaceId === workspaceId) &&
    (agent === undefined || task.agent === agent) &&
    (group === undefined || task.group === group) &&
    (code === undefined || task.error?.code === code) &&
    (olderThan === undefined || (task.finishedAt ?? task.createdAt) < olderThan)
  );
}
