import { notFound } from '../../domain/shared/domain-error.js';
import { decodeId, type TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { type Attempt, type AttemptEnd, attemptName } from '../../domain/task/attempt.js';
import type { Dependency, Dependent } from '../../domain/task/dependency.js';
import type {
  PendingTask,
  ProcessingTask,
  ScheduledTask,
  Task,
  TaskStatus,
  UniqueScope,
  WaitingTask,
} from '../../domain/task/task.js';
import type {
  ReadyExcept,
  RunningTask,
  TaskCounts,
  TaskFilter,
  TaskRepository,
  TaskSelection,
  WalkedTasks,
  WalkStep,
} from '../../domain/task/task-repository.js';
import type { OpenTransaction } from './open-transaction.js';
import type { WriterTaskCounts } from './task-counts.js';
import type { TaskList } from './task-list.js';
import type { TaskQueries } from './task-queries.js';
import type { TaskWalk } from './task-walk.js';
import type { TaskWrites } from './task-writes.js';

/** What the tasks of every transaction share. */
export interface TaskStatements {
  readonly queries: TaskQueries;
  readonly list: TaskList;
  readonly walk: TaskWalk;
  readonly writes: TaskWrites;
  readonly counts: WriterTaskCounts;
}

/** The tasks as one transaction sees and changes them. */
export class SqliteTaskRepository implements TaskRepository {
  readonly #transaction: OpenTransaction;
  readonly #statements: TaskStatements;
  /** The state on disk of the tasks that were read, so that a save knows which counts it changes; the last one, and all. */
  #lastId: TaskId | undefined;
  #lastStatus: TaskStatus = 'pending';
  #others: Map<TaskId, TaskStatus> | undefined;

  constructor(transaction: OpenTransaction, statements: TaskStatements) {
    this.#transaction = transaction;
    this.#statements = statements;
  }

  async get(id: TaskId): Promise<Task> {
    const task = this.#find(id);
    if (task === undefined) throw notFound('task', id);
    return task;
  }

  async find(id: TaskId): Promise<Task | undefined> {
    return this.#find(id);
  }

  async findByUnique(unique: string, scope: UniqueScope, now: Timestamp): Promise<Task | undefined> {
    this.#transaction.reading();
    return this.#remember(this.#statements.queries.findByUnique(unique, scope, now));
  }

  async findByRequest(requestId: string): Promise<Task | undefined> {
    this.#transaction.reading();
    return this.#remember(this.#statements.queries.findByRequest(requestId));
  }

  async noteRequest(requestId: string, id: TaskId): Promise<void> {
    this.#transaction.writing();
    this.#statements.writes.noteRequest(requestId, decodeId(id));
  }

  async ready(limit: number, except: ReadyExcept, agingMs: number | null = null): Promise<PendingTask[]> {
    this.#transaction.reading();
    return this.#rememberAll(this.#statements.queries.ready(limit, except, agingMs)) as PendingTask[];
  }

  async due(now: Timestamp, limit: number): Promise<ScheduledTask[]> {
    this.#transaction.reading();
    return this.#rememberAll(this.#statements.queries.due(now, limit)) as ScheduledTask[];
  }

  async limited(limit: number): Promise<ScheduledTask[]> {
    this.#transaction.reading();
    return this.#rememberAll(this.#statements.queries.limited(limit)) as ScheduledTask[];
  }

  async nextDue(): Promise<Timestamp | null> {
    this.#transaction.reading();
    return this.#statements.queries.nextDue();
  }

  async overdue(now: Timestamp, limit: number): Promise<Task[]> {
    this.#transaction.reading();
    return this.#rememberAll(this.#statements.queries.overdue(now, limit));
  }

  async nextDeadline(): Promise<Timestamp | null> {
    this.#transaction.reading();
    return this.#statements.queries.nextDeadline();
  }

  async abandoned(owner: string, limit: number): Promise<ProcessingTask[]> {
    this.#transaction.reading();
    return this.#rememberAll(this.#statements.queries.abandoned(owner, limit)) as ProcessingTask[];
  }

  async dependents(id: TaskId): Promise<Dependent[]> {
    this.#transaction.reading();
    return this.#statements.queries.dependencies.dependents(decodeId(id));
  }

  async predecessors(id: TaskId, limit: number): Promise<Dependency[]> {
    this.#transaction.reading();
    return this.#statements.queries.dependencies.predecessors(decodeId(id), limit);
  }

  async successors(id: TaskId, limit: number): Promise<Dependency[]> {
    this.#transaction.reading();
    return this.#statements.queries.dependencies.successors(decodeId(id), limit);
  }

  async statusOf(id: TaskId): Promise<TaskStatus | undefined> {
    this.#transaction.reading();
    return this.#noted(id) ?? this.#statements.queries.status(decodeId(id));
  }

  async list(filter: TaskFilter): Promise<Task[]> {
    this.#transaction.reading();
    const steps = this.#statements.list.rows(filter);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value.map((row) => this.#statements.queries.listed(row));
  }

  async walk(selection: TaskSelection, step: WalkStep): Promise<WalkedTasks> {
    this.#transaction.reading();
    return this.#statements.walk.step(selection, step);
  }

  async counts(): Promise<TaskCounts> {
    this.#transaction.reading();
    return this.#statements.counts.current();
  }

  async oldestPending(): Promise<Timestamp | null> {
    this.#transaction.reading();
    return this.#statements.queries.oldestPending();
  }

  async running(): Promise<RunningTask[]> {
    this.#transaction.reading();
    return this.#statements.queries.running();
  }

  async attempts(id: TaskId): Promise<Attempt[]> {
    this.#transaction.reading();
    return this.#statements.queries.attempts(id, decodeId(id));
  }

  async interruptionsInARow(id: TaskId, epoch: number, most: number): Promise<number> {
    this.#transaction.reading();
    return this.#statements.queries.interruptionsInARow(id, decodeId(id), epoch, most);
  }

  async insert(task: WaitingTask, dependencies?: readonly Dependency[]): Promise<void> {
    this.#transaction.writing();
    this.#statements.writes.insert(decodeId(task.id), task, dependencies);
    this.#statements.counts.move(undefined, task.status);
    // It is not noted: hardly any is saved again in its first transaction, and there may be ten thousand.
  }

  async save(task: Task): Promise<void> {
    this.#transaction.writing();
    const key = decodeId(task.id);
    const from = this.#noted(task.id) ?? this.#statements.queries.status(key);
    if (from === undefined) throw notFound('task', task.id);
    this.#statements.writes.save(key, from, task);
    this.#moved(from, task);
  }

  async saveOrder(task: Task): Promise<void> {
    this.#transaction.writing();
    const key = decodeId(task.id);
    const from = this.#noted(task.id) ?? this.#statements.queries.status(key);
    if (from === undefined) throw notFound('task', task.id);
    this.#statements.writes.saveOrder(key, task);
    this.#moved(from, task);
  }

  async waitFor(id: TaskId, waitingFor: number): Promise<void> {
    this.#transaction.writing();
    this.#statements.writes.waitFor(decodeId(id), waitingFor);
  }

  async openAttempt(task: ProcessingTask): Promise<void> {
    this.#transaction.writing();
    this.#statements.writes.openAttempt(task);
  }

  async closeAttempt(id: TaskId, epoch: number, end: AttemptEnd): Promise<void> {
    this.#transaction.writing();
    const closed = this.#statements.writes.closeAttempt(decodeId(id), epoch, end);
    if (!closed) throw notFound('attempt', attemptName(id, epoch));
  }

  async removeFinished(id: TaskId, before: Timestamp): Promise<boolean> {
    this.#transaction.writing();
    const status = this.#statements.writes.removeFinished(decodeId(id), before);
    if (status === undefined) return false;
    this.#statements.counts.move(status, undefined);
    return true;
  }

  async discard(id: TaskId): Promise<boolean> {
    this.#transaction.writing();
    const status = this.#statements.writes.discard(decodeId(id));
    if (status === undefined) return false;
    this.#statements.counts.move(status, undefined);
    return true;
  }

  #find(id: TaskId): Task | undefined {
    this.#transaction.reading();
    return this.#remember(this.#statements.queries.find(decodeId(id)));
  }

  #remember(task: Task | undefined): Task | undefined {
    if (task !== undefined) this.#note(task);
    return task;
  }

  #moved(from: TaskStatus, task: Task): void {
    if (from === task.status) return;
    this.#statements.counts.move(from, task.status);
    this.#note(task);
  }

  /** Most transactions are about one task: a map for each of them would be most of their garbage. */
  #note({ id, status }: Task): void {
    if (this.#lastId !== undefined && this.#lastId !== id) {
      this.#others ??= new Map();
      this.#others.set(this.#lastId, this.#lastStatus);
    }
    this.#lastId = id;
    this.#lastStatus = status;
  }

  #noted(id: TaskId): TaskStatus | undefined {
    return this.#lastId === id ? this.#lastStatus : this.#others?.get(id);
  }

  #rememberAll(tasks: Task[]): Task[] {
    for (const task of tasks) this.#note(task);
    return tasks;
  }
}
