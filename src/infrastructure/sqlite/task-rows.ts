import { encodeId, type TaskId } from '../../domain/shared/id.js';
import type { Attempt, AttemptEnd } from '../../domain/task/attempt.js';
import type { RetryRules } from '../../domain/task/retry-rules.js';
import type { Task, TaskError, TaskErrorCode, TaskResult, TaskStatus } from '../../domain/task/task.js';

/** The columns of a TaskRow, in its order. Rows are read as arrays: an object of 30 properties costs as much as the query. */
export const TASK_COLUMNS = `
  task.id, task.status, task.run_at, task.attempts, task.epoch, task.waiting_for, task.agent_id, task.owner,
  task.session_id, task.started_at, task.finished_at, task.error_code, task.error_message, task.result_exit_code,
  task.result_bytes, task.result_truncated, task.result_text, task.agent, task.workspace_id, task.priority,
  task.max_attempts, task.timeout_ms, task.dependencies, task.unique_key, task.created_at, task.prompt, task.run_anyway,
  task.fallback, task.task_group, task.deadline, task.retry, task.unique_scope, task.unique_period_ms`;

export type TaskRow = [
  id: number,
  status: TaskStatus,
  runAt: number,
  attempts: number,
  epoch: number,
  waitingFor: number | null,
  agentId: number | null,
  owner: string | null,
  sessionId: number | null,
  startedAt: number | null,
  finishedAt: number | null,
  errorCode: TaskErrorCode | null,
  errorMessage: string | null,
  exitCode: number | null,
  resultBytes: number | null,
  resultTruncated: number | null,
  resultText: string | null,
  agent: string,
  workspaceId: number,
  priority: number,
  maxAttempts: number,
  timeoutMs: number,
  dependencies: number,
  unique: string | null,
  createdAt: number,
  prompt: string,
  runAnyway: number,
  fallback: string,
  group: string,
  deadline: number | null,
  retry: string | null,
  uniqueScope: 'waiting' | 'unfinished' | 'period' | null,
  uniquePeriodMs: number | null,
];

/** What a task has that stands in other tables. */
export interface TaskSurroundings {
  readonly workspace: WorkspaceName;
  readonly prompt: string;
  readonly resultText: string | null;
  readonly after: TaskId[];
}

/** A workspace as a task shows it. */
export interface WorkspaceName {
  readonly id: `workspace_${string}`;
  readonly path: string;
}

/** The task of a row. The table's CHECKs stand for what each state must have, so nothing is checked again here. */
export function toTask(row: TaskRow, { workspace, prompt, resultText, after }: TaskSurroundings): Task {
  const status = row[1];
  const task = {
    id: encodeId('task', row[0]),
    status,
    prompt,
    agent: row[17],
    fallback: row[27] === '' ? null : row[27],
    workspaceId: workspace.id,
    workspace: workspace.path,
    priority: row[19],
    runAt: row[2],
    maxAttempts: row[20],
    timeoutMs: row[21],
    after,
    onFailure: row[26] === 1 ? 'run' : 'fail',
    unique: row[23],
    uniqueScope: row[32] === null ? row[31] : { periodMs: row[32] },
    group: row[28] === '' ? null : row[28],
    deadline: row[29],
    retry: row[30] === null ? null : (JSON.parse(row[30]) as RetryRules),
    createdAt: row[24],
    attempts: row[3],
    epoch: row[4],
    startedAt: row[9],
    sessionId: row[8] === null ? null : encodeId('session', row[8]),
    agentId: row[6] === null ? null : encodeId('agent', row[6]),
    finishedAt: row[10],
    result: toResult(row, resultText),
    error: toError(row[11], row[12]),
  };
  // The own fields come before the spread: after it, V8 takes five times as long to add them.
  if (status === 'processing') return { owner: row[7], ...task } as Task;
  if (status === 'blocked') return { waitingFor: row[5], ...task } as Task;
  return task as Task;
}

function toResult(row: TaskRow, text: string | null): TaskResult | null {
  if (text === null) return null;
  return { text, truncated: row[15] === 1, bytes: row[14] ?? 0, exitCode: row[13] };
}

function toError(code: TaskErrorCode | null, message: string | null): TaskError | null {
  return code === null ? null : { code, message: message ?? '' };
}

export const ATTEMPT_COLUMNS =
  'epoch, agent_id, started_at, finished_at, outcome, exit_code, error_code, error_message';

export type AttemptRow = [
  epoch: number,
  agentId: number,
  startedAt: number,
  finishedAt: number | null,
  outcome: AttemptEnd['outcome'] | null,
  exitCode: number | null,
  errorCode: TaskErrorCode | null,
  errorMessage: string | null,
];

/** The attempt of a row. */
export function toAttempt(taskId: TaskId, row: AttemptRow): Attempt {
  const [epoch, agentId, startedAt, finishedAt, outcome, exitCode, errorCode, errorMessage] = row;
  return {
    taskId,
    epoch,
    agentId: encodeId('agent', agentId),
    startedAt,
    finishedAt,
    outcome,
    exitCode,
    error: toError(errorCode, errorMessage),
  };
}
