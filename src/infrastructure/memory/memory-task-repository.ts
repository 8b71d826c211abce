import { notFound } from '../../domain/shared/domain-error.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { type Attempt, type AttemptEnd, attemptName, wasInterrupted } from '../../domain/task/attempt.js';
import type { Dependency, Dependent } from '../../domain/task/dependency.js';
import {
  isFinished,
  type PendingTask,
  type ProcessingTask,
  type ScheduledTask,
  type Task,
  type TaskStatus,
  type UniqueScope,
  type WaitingTask,
} from '../../domain/task/task.js';
import type { ReadyExcept, TaskRepository } from '../../domain/task/task-repository.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import { readyOf } from './memory-queue-order.js';
import type { MemoryTable, Rows } from './memory-table.js';
import { MemoryTaskReader } from './memory-task-reader.js';
import type { Guard } from './memory-transaction.js';

/** The tables that the tasks of a transaction read and change. */
export interface TaskTables {
  readonly tasks: MemoryTable<Task>;
  readonly attempts: MemoryTable<Attempt>;
  /** What a task comes after, by its id. */
  readonly dependencies: MemoryTable<readonly Dependency[]>;
  /** The ids of tasks by the ids of the requests that made them. */
  readonly requests: MemoryTable<TaskId>;
  readonly workspaces: Rows<Workspace>;
}

/** The tasks as one transaction sees and changes them. */
export class MemoryTaskRepository extends MemoryTaskReader implements TaskRepository {
  readonly #guard: Guard;
  readonly #tables: TaskTables;

  constructor(guard: Guard, tables: TaskTables) {
    super(guard, tables.tasks, tables.attempts, tables.dependencies);
    this.#guard = guard;
    this.#tables = tables;
  }

  async insert(task: WaitingTask, dependencies?: readonly Dependency[]): Promise<void> {
    this.#guard();
    if (this.#tables.tasks.get(task.id) !== undefined) throw new Error(`${task.id} is there already.`);
    if (this.#tables.workspaces.get(task.workspaceId) === undefined) throw new Error(`${task.id} is in no workspace.`);
    this.#tables.tasks.set(task.id, task);
    const { onFailure } = task;
    this.#tables.dependencies.set(task.id, dependencies ?? task.after.map((id) => ({ task: id, onFailure })));
  }

  async statusOf(id: TaskId): Promise<TaskStatus | undefined> {
    this.#guard();
    return this.#tables.tasks.get(id)?.status;
  }

  async save(task: Task): Promise<void> {
    this.#guard();
    if (this.#tables.tasks.get(task.id) === undefined) throw notFound('task', task.id);
    this.#tables.tasks.set(task.id, task);
  }

  async findByUnique(unique: string, scope: UniqueScope, now: Timestamp): Promise<Task | undefined> {
    this.#guard();
    return [...this.#tables.tasks.all()]
      .filter((task) => task.unique === unique && isWithin(scope, task, now))
      .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))[0];
  }

  async findByRequest(requestId: string): Promise<Task | undefined> {
    this.#guard();
    const id = this.#tables.requests.get(requestId);
    return id === undefined ? undefined : this.#tables.tasks.get(id);
  }

  async noteRequest(requestId: string, id: TaskId): Promise<void> {
    this.#guard();
    if (this.#tables.requests.get(requestId) !== undefined) throw new Error(`Request ${requestId} is noted already.`);
    this.#tables.requests.set(requestId, id);
  }

  async ready(limit: number, except: ReadyExcept, agingMs: number | null = null): Promise<PendingTask[]> {
    this.#guard();
    const { workspaces, agents, heldAgents, groups, inOrder, holders } = except;
    const isHeld = (agent: string) => heldAgents.includes(agent);
    const isClosed = (agent: string | null) => agent === null || agents.includes(agent) || isHeld(agent);
    const seen = new Set<string>();
    return readyOf(this.#tables.tasks, agingMs)
      .filter(({ id, group }) => {
        if (group === null || holders.includes(id)) return true;
        if (groups.includes(group) || (inOrder.includes(group) && seen.has(group))) return false;
        seen.add(group);
        return true;
      })
      .filter(({ workspaceId }) => !workspaces.includes(workspaceId))
      .filter(({ agent, fallback }) => !isHeld(agent) && (!isClosed(agent) || !isClosed(fallback)))
      .slice(0, limit);
  }

  async due(now: Timestamp, limit: number): Promise<ScheduledTask[]> {
    this.#guard();
    return this.#scheduled()
      .filter(({ runAt }) => runAt <= now)
      .slice(0, limit);
  }

  async limited(limit: number): Promise<ScheduledTask[]> {
    this.#guard();
    return this.#scheduled()
      .filter(({ error }) => error?.code === 'rate_limited')
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  async nextDue(): Promise<Timestamp | null> {
    this.#guard();
    return this.#scheduled()[0]?.runAt ?? null;
  }

  async overdue(now: Timestamp, limit: number): Promise<Task[]> {
    this.#guard();
    return this.#withDeadline()
      .filter(({ deadline }) => deadline <= now)
      .slice(0, limit);
  }

  async nextDeadline(): Promise<Timestamp | null> {
    this.#guard();
    return this.#withDeadline()[0]?.deadline ?? null;
  }

  async saveOrder(task: Task): Promise<void> {
    await this.save(task);
  }

  async abandoned(owner: string, limit: number): Promise<ProcessingTask[]> {
    this.#guard();
    return [...this.#tables.tasks.all()]
      .filter((task): task is ProcessingTask => task.status === 'processing' && task.owner !== owner)
      .slice(0, limit);
  }

  async dependents(id: TaskId): Promise<Dependent[]> {
    const later = await this.successors(id, Number.POSITIVE_INFINITY);
    return later.flatMap((dependency) => {
      const task = this.#tables.tasks.get(dependency.task);
      if (task?.status !== 'blocked') return [];
      return [{ ...dependency, waitingFor: task.waitingFor, sessionId: task.sessionId }];
    });
  }

  async waitFor(id: TaskId, waitingFor: number): Promise<void> {
    this.#guard();
    const task = this.#tables.tasks.get(id);
    if (task?.status !== 'blocked') throw new Error(`${id} is not blocked.`);
    this.#tables.tasks.set(id, { ...task, waitingFor });
  }

  async interruptionsInARow(id: TaskId, epoch: number, most: number): Promise<number> {
    const before = (await this.attempts(id)).filter((attempt) => attempt.epoch < epoch).slice(-most);
    return before.length - 1 - before.findLastIndex((attempt) => !wasInterrupted(attempt));
  }

  async openAttempt({ id, epoch, agentId, startedAt }: ProcessingTask): Promise<void> {
    this.#guard();
    const name = attemptName(id, epoch);
    if (this.#tables.attempts.get(name) !== undefined) throw new Error(`Attempt ${name} is there already.`);
    const attempt = { taskId: id, epoch, agentId, startedAt };
    this.#tables.attempts.set(name, { ...attempt, finishedAt: null, outcome: null, exitCode: null, error: null });
  }

  async closeAttempt(id: TaskId, epoch: number, end: AttemptEnd): Promise<void> {
    this.#guard();
    const name = attemptName(id, epoch);
    const attempt = this.#tables.attempts.get(name);
    if (attempt === undefined) throw notFound('attempt', name);
    this.#tables.attempts.set(name, { ...attempt, ...end });
  }

  async removeFinished(id: TaskId, before: Timestamp): Promise<boolean> {
    this.#guard();
    const { tasks } = this.#tables;
    const task = tasks.get(id);
    const isOld = (one: Task) => isFinished(one) && one.finishedAt < before;
    if (task === undefined || !isOld(task)) return false;
    const dependents = [...tasks.all()].filter(({ after }) => after.includes(id));
    if (dependents.some((one) => one.status !== 'completed' && !isOld(one))) return false;
    this.#remove(task);
    return true;
  }

  async discard(id: TaskId): Promise<boolean> {
    this.#guard();
    const task = this.#tables.tasks.get(id);
    if (task?.status !== 'failed' && task?.status !== 'cancelled') return false;
    const isNeeded = [...this.#tables.tasks.all()].some((one) => one.after.includes(id) && one.status !== 'completed');
    if (isNeeded) return false;
    this.#remove(task);
    return true;
  }

  #remove({ id, epoch: last }: Task): void {
    const { tasks, attempts, requests, dependencies } = this.#tables;
    tasks.delete(id);
    dependencies.delete(id);
    for (let epoch = 1; epoch <= last; epoch += 1) attempts.delete(attemptName(id, epoch));
    for (const [request, taskId] of [...requests.entries()]) if (taskId === id) requests.delete(request);
  }

  #withDeadline() {
    return [...this.#tables.tasks.all()]
      .filter((task): task is Task & { deadline: Timestamp } => task.deadline !== null && task.finishedAt === null)
      .sort((a, b) => a.deadline - b.deadline);
  }

  #scheduled(): ScheduledTask[] {
    return [...this.#tables.tasks.all()]
      .filter((task) => task.status === 'scheduled')
      .sort((a, b) => a.runAt - b.runAt || (a.id < b.id ? -1 : 1));
  }
}

function isWithin(scope: UniqueScope, task: Task, now: Timestamp): boolean {
  if (typeof scope === 'object') return task.createdAt > now - scope.periodMs;
  return !isFinished(task) && (scope === 'unfinished' || task.status !== 'processing');
}
