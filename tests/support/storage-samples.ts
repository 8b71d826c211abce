import type { Stores } from '../../src/application/ports/transaction.js';
import type { Fact } from '../../src/domain/event/event.js';
import type { KeptObservation } from '../../src/domain/observation/observation.js';
import type { Prompt } from '../../src/domain/session/prompt.js';
import { startSession } from '../../src/domain/session/session-transitions.js';
import type { ToolUse } from '../../src/domain/session/tool-use.js';
import { type AgentId, encodeId, type TaskId, type WorkspaceId } from '../../src/domain/shared/id.js';
import type { PendingTask, ProcessingTask, TaskResult, WaitingTask } from '../../src/domain/task/task.js';
import { claim, enqueue, type TaskRequest } from '../../src/domain/task/task-transitions.js';
import { type ActiveWorkspace, addWorkspace } from '../../src/domain/workspace/workspace.js';
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
  return addWorkspace({ id, path, name: path.slice(1) }, NOW).state;
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
    onFailure: 'fail',
    fallback: null,
    uniqueScope: null,
    group: null,
    deadline: null,
    retry: null,
    sessionId: null,
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

export const SESSION = encodeId('session', 1);
export const OTHER_SESSION = encodeId('session', 2);

/** The two sessions that sample prompts, tool uses and observations are of, in the two workspaces. */
export async function addSessions({ transaction }: OpenedStorage): Promise<void> {
  const common = { source: 'claude', agent: 'claude', taskId: null } as const;
  await transaction(async ({ sessions }) => {
    const one = { ...common, id: SESSION, providerSessionId: 'one', workspaceId: WORKSPACE };
    await sessions.insert(startSession(one, NOW).state);
    const two = { ...common, id: OTHER_SESSION, providerSessionId: 'two', workspaceId: OTHER_WORKSPACE };
    await sessions.insert(startSession(two, NOW).state);
  });
}

export function prompt(n: number, change: Partial<Prompt> = {}): Prompt {
  return {
    id: encodeId('prompt', n),
    sessionId: SESSION,
    workspaceId: WORKSPACE,
    number: n,
    who: 'user',
    turn: `turn-${String(n)}`,
    text: `Do number ${String(n)}.`,
    at: NOW + n,
    ...change,
  };
}

export function toolUse(n: number, change: Partial<ToolUse> = {}): ToolUse {
  return {
    sessionId: SESSION,
    toolUseId: `toolu_${String(n)}`,
    turn: 'turn-1',
    subagent: null,
    name: 'Bash',
    outcome: 'done',
    via: 'hook',
    cwd: '/one',
    at: NOW + n,
    durationMs: 12,
    input: '{"command":"ls"}',
    result: 'README.md',
    inputOmitted: 0,
    resultOmitted: 0,
    distilledAt: null,
    ...change,
  };
}

export function observation(n: number, change: Partial<KeptObservation> = {}): KeptObservation {
  return {
    id: encodeId('obs', n),
    workspaceId: WORKSPACE,
    sessionId: SESSION,
    createdAt: NOW + n,
    status: 'kept',
    type: 'fix',
    origin: 'rules',
    pinned: false,
    turn: 'turn-1',
    title: `Fixed number ${String(n)}`,
    narrative: 'A missing file was added.',
    facts: ['It was missing.'],
    concepts: ['build', 'ünïcödé'],
    filesRead: ['a.ts'],
    filesModified: [],
    toolUses: ['toolu_1'],
    ...change,
  };
}
