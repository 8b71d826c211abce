import type { Stores } from '../../src/application/ports/transaction.js';
import type { Fact } from '../../src/domain/event/event.js';
import { type AgentId, encodeId, type TaskId, type WorkspaceId } from '../../src/domain/shared/id.js';
import type { PendingTask, ProcessingTask, TaskResult, WaitingTask } from '../../src/domain/task/task.js';
import { claim, enqueue, type TaskRequest } from '../../src/domain/task/task-transitions.js';
import type { ActiveWorkspace } from '../../src/domain/workspace/workspace.js';
import type { OpenedStorage } from './storage.js';

/** The time at which samples are made. */
export const NOW = 1_800_000_000_000;
export const OWNER = 'server-1';
export const WORKSPACE = encodeId('workspace', 1);
export const OTHER_WORKSPACE = encodeId('workspace', 2);
export const AGENT: AgentId = encodeId('agent', 1);
export const RESULT: TaskResult = { text: 'Done.', truncated: false, bytes: 5, exitCode: 0 };

export function taskId(n: number): TaskId {
  return encodeId('task', n);
}

export function workspace(id: WorkspaceId, path: string): ActiveWorkspace {
  return { id, path, name: path.slice(1), addedAt: NOW, status: 'active', removedAt: null };
}

/** The two workspaces that sample tasks are in. */
export async function addWorkspaces({ transaction }: OpenedStorage): Promise<void> {
  await transaction(async ({ workspaces }) => {
    await workspaces.insert(workspace(WORKSPACE, '/one'));
    await workspaces.insert(workspace(OTHER_WORKSPACE, '/two'));
  });
}

/** A new task with this key, ready at once unless the request says otherwise. */
export function waitingTask(n: number, request: Partial<TaskRequest> = {}, waitingFor = 0): WaitingTask {
  const asked: TaskRequest = {
    id: taskId(n),
    prompt: `Do number ${String(n)}.`,
    agent: 'shell',
    workspaceId: WORKSPACE,
    workspace: request.workspaceId === OTHER_WORKSPACE ? '/two' : '/one',
    priority: 0,
    runAt: NOW,
    maxAttempts: 3,
    timeoutMs: 60_000,
    after: [],
    unique: null,
    ...request,
  };
  return enqueue(asked, waitingFor, NOW).state;
}

export function pendingTask(n: number, request: Partial<TaskRequest> = {}): PendingTask {
  const task = waitingTask(n, request);
  if (task.status !== 'pending') throw new Error(`Sample ${String(n)} is ${task.status}.`);
  return task;
}

export function claimed(task: PendingTask, owner = OWNER): ProcessingTask {
  return claim(task, { agentId: AGENT, owner }, NOW + 1).state;
}

/** Inserts tasks in one transaction. */
export function insertAll({ transaction }: OpenedStorage, tasks: readonly WaitingTask[]): Promise<void> {
  return transaction(async ({ tasks: store }) => {
    for (const task of tasks) await store.insert(task);
  });
}

/** A fact that says which one it is. */
export function fact(n: number): Fact {
  return { type: 'task.progressed', at: NOW + n, taskId: taskId(n), data: { n, message: `Number ${String(n)}` } };
}

export function appendFacts({ transaction }: OpenedStorage, ...numbers: number[]): Promise<void> {
  return transaction(({ events }: Stores) => events.append(numbers.map(fact)));
}
