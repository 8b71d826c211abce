import type { Database, Statement } from 'better-sqlite3';
import { decodeId } from '../../domain/shared/id.js';
import type { AttemptEnd } from '../../domain/task/attempt.js';
import type { Dependency } from '../../domain/task/dependency.js';
import { listedText } from '../../domain/task/listed-text.js';
import type {
  BlockedTask,
  CompletedTask,
  FinishedTask,
  PendingTask,
  ProcessingTask,
  ScheduledTask,
  Task,
  TaskStatus,
  WaitingTask,
} from '../../domain/task/task.js';
import { expired } from './expired-tasks.js';

type Key = number | null;
type Text = string | null;

/** One statement per state that a task can enter, with only what differs there: a wide UPDATE costs twice as much. */
export const TASK_WRITES = {
  insert: `INSERT INTO task (id, status, run_at, attempts, epoch, waiting_for, session_id, started_at, error_code,
      error_message, agent, workspace_id, priority, max_attempts, timeout_ms, dependencies, unique_key, created_at, prompt,
      run_anyway, fallback, task_group, deadline, retry, unique_scope, unique_period_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  dependency: 'INSERT INTO task_dependency (task_id, place, after_id, run_anyway) VALUES (?, ?, ?, ?)',
  prompt: 'INSERT INTO task_prompt (task_id, text) VALUES (?, ?)',
  result: 'INSERT INTO task_result (task_id, text) VALUES (?, ?)',
  waitFor: 'UPDATE task SET waiting_for = ? WHERE id = ?',
  block: `UPDATE task SET status = 'blocked', waiting_for = ?, run_at = ?, attempts = ?, agent_id = NULL, owner = NULL,
      session_id = ?, finished_at = NULL, error_code = ?, error_message = ? WHERE id = ?`,
  schedule: `UPDATE task SET status = 'scheduled', run_at = ?, attempts = ?, waiting_for = NULL, agent_id = NULL, owner = NULL,
      session_id = ?, error_code = ?, error_message = ? WHERE id = ?`,
  makeDue: `UPDATE task SET status = 'pending', run_at = ? WHERE id = ?`,
  makeReady: `UPDATE task SET status = 'pending', run_at = ?, attempts = ?, waiting_for = NULL, agent_id = NULL,
      owner = NULL, session_id = ?, finished_at = NULL, error_code = ?, error_message = ? WHERE id = ?`,
  order: 'UPDATE task SET status = ?, priority = ?, run_at = ?, deadline = ? WHERE id = ?',
  reroute: `UPDATE task SET agent = ?, fallback = ?, error_code = ?, error_message = ? WHERE id = ?`,
  claim: `UPDATE task SET status = 'processing', attempts = ?, epoch = ?, agent_id = ?, owner = ?, session_id = ?,
      started_at = ? WHERE id = ?`,
  attach: 'UPDATE task SET session_id = ?, owner = ? WHERE id = ?',
  complete: `UPDATE task SET status = 'completed', owner = NULL, session_id = ?, finished_at = ?, error_code = NULL,
      error_message = NULL, result_exit_code = ?, result_bytes = ?, result_truncated = ?, result_text = ? WHERE id = ?`,
  fail: `UPDATE task SET status = 'failed', waiting_for = NULL, owner = NULL, agent_id = ?, session_id = ?,
      finished_at = ?, error_code = ?, error_message = ? WHERE id = ?`,
  cancel: `UPDATE task SET status = 'cancelled', waiting_for = NULL, owner = NULL, agent_id = ?, session_id = ?,
      finished_at = ?, error_code = ?, error_message = ? WHERE id = ?`,
  removeFinished: `DELETE FROM task WHERE id = @id AND ${expired('task')} RETURNING status`,
  discard: `DELETE FROM task WHERE id = ? AND (status = 'failed' OR status = 'cancelled') AND NOT EXISTS (
      SELECT 1 FROM task_dependency AS d CROSS JOIN task AS later ON later.id = d.task_id
      WHERE d.after_id = task.id AND later.status <> 'completed') RETURNING status`,
  noteRequest: 'INSERT INTO task_request (request_id, task_id) VALUES (?, ?)',
  openAttempt: 'INSERT INTO attempt (task_id, epoch, agent_id, started_at) VALUES (?, ?, ?, ?)',
  closeAttempt: `UPDATE attempt SET finished_at = ?, outcome = ?, exit_code = ?, error_code = ?, error_message = ?
    WHERE task_id = ? AND epoch = ?`,
} as const;

type InsertColumns = [
  id: number,
  status: TaskStatus,
  runAt: number,
  attempts: number,
  epoch: number,
  waitingFor: number | null,
  sessionId: Key,
  startedAt: number | null,
  errorCode: Text,
  errorMessage: Text,
  agent: string,
  workspaceId: number,
  priority: number,
  maxAttempts: number,
  timeoutMs: number,
  dependencies: number,
  unique: Text,
  createdAt: number,
  prompt: string,
  runAnyway: number,
  fallback: string,
  group: string,
  deadline: number | null,
  retry: Text,
  uniqueScope: Text,
  uniquePeriodMs: number | null,
];

/** Every change of tasks, prepared once for the connection that writes. */
export class TaskWrites {
  readonly #insert: Statement<InsertColumns>;
  readonly #dependency: Statement<[number, number, number, 0 | 1]>;
  readonly #prompt: Statement<[number, string]>;
  readonly #result: Statement<[number, string]>;
  readonly #waitFor: Statement<[number, number]>;
  readonly #block: Statement<[number, number, number, Key, Text, Text, number]>;
  readonly #schedule: Statement<[number, number, Key, Text, Text, number]>;
  readonly #makeDue: Statement<[number, number]>;
  readonly #makeReady: Statement<[number, number, Key, Text, Text, number]>;
  readonly #order: Statement<[TaskStatus, number, number, number | null, number]>;
  readonly #reroute: Statement<[string, string, Text, Text, number]>;
  readonly #claim: Statement<[number, number, number, string, Key, number, number]>;
  readonly #attach: Statement<[Key, string, number]>;
  readonly #complete: Statement<[Key, number, number | null, number, 0 | 1, string, number]>;
  readonly #fail: Statement<[Key, Key, number, string, string, number]>;
  readonly #cancel: Statement<[Key, Key, number, string, string, number]>;
  readonly #removeFinished: Statement<[{ id: number; before: number }], TaskStatus>;
  readonly #discard: Statement<[number], TaskStatus>;
  readonly #noteRequest: Statement<[string, number]>;
  readonly #openAttempt: Statement<[number, number, number, number]>;
  readonly #closeAttempt: Statement<[number, string, number | null, Text, Text, number, number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(TASK_WRITES.insert);
    this.#dependency = database.prepare(TASK_WRITES.dependency);
    this.#prompt = database.prepare(TASK_WRITES.prompt);
    this.#result = database.prepare(TASK_WRITES.result);
    this.#waitFor = database.prepare(TASK_WRITES.waitFor);
    this.#block = database.prepare(TASK_WRITES.block);
    this.#schedule = database.prepare(TASK_WRITES.schedule);
    this.#makeDue = database.prepare(TASK_WRITES.makeDue);
    this.#makeReady = database.prepare(TASK_WRITES.makeReady);
    this.#order = database.prepare(TASK_WRITES.order);
    this.#reroute = database.prepare(TASK_WRITES.reroute);
    this.#claim = database.prepare(TASK_WRITES.claim);
    this.#attach = database.prepare(TASK_WRITES.attach);
    this.#complete = database.prepare(TASK_WRITES.complete);
    this.#fail = database.prepare(TASK_WRITES.fail);
    this.#cancel = database.prepare(TASK_WRITES.cancel);
    this.#removeFinished = database
      .prepare<[{ id: number; before: number }], TaskStatus>(TASK_WRITES.removeFinished)
      .pluck();
    this.#discard = database.prepare<[number], TaskStatus>(TASK_WRITES.discard).pluck();
    this.#noteRequest = database.prepare(TASK_WRITES.noteRequest);
    this.#openAttempt = database.prepare(TASK_WRITES.openAttempt);
    this.#closeAttempt = database.prepare(TASK_WRITES.closeAttempt);
  }

  noteRequest(requestId: string, key: number): void {
    this.#noteRequest.run(requestId, key);
  }

  /** The status of the task that was removed. Its side rows go with it. */
  removeFinished(id: number, before: number): TaskStatus | undefined {
    return this.#removeFinished.get({ id, before });
  }

  /** The status of the task that was taken out. Its side rows go with it. */
  discard(key: number): TaskStatus | undefined {
    return this.#discard.get(key);
  }

  insert(key: number, task: WaitingTask, dependencies?: readonly Dependency[]): void {
    const prompt = listedText(task.prompt);
    this.#insert.run(
      key,
      task.status,
      task.runAt,
      task.attempts,
      task.epoch,
      task.status === 'blocked' ? task.waitingFor : null,
      keyOf(task.sessionId),
      task.startedAt,
      task.error?.code ?? null,
      task.error?.message ?? null,
      task.agent,
      decodeId(task.workspaceId),
      task.priority,
      task.maxAttempts,
      task.timeoutMs,
      task.after.length,
      task.unique,
      task.createdAt,
      prompt,
      task.onFailure === 'run' ? 1 : 0,
      task.fallback ?? '',
      task.group ?? '',
      task.deadline,
      task.retry === null ? null : JSON.stringify(task.retry),
      typeof task.uniqueScope === 'object' && task.uniqueScope !== null ? 'period' : task.uniqueScope,
      typeof task.uniqueScope === 'object' && task.uniqueScope !== null ? task.uniqueScope.periodMs : null,
    );
    if (prompt !== task.prompt) this.#prompt.run(key, task.prompt);
    for (const [place, id] of task.after.entries()) {
      const { onFailure } = dependencies?.[place] ?? task;
      this.#dependency.run(key, place, decodeId(id), onFailure === 'run' ? 1 : 0);
    }
  }

  waitFor(key: number, waitingFor: number): void {
    this.#waitFor.run(waitingFor, key);
  }

  saveOrder(key: number, { status, priority, runAt, deadline }: Task): void {
    this.#order.run(status, priority, runAt, deadline, key);
  }

  /** Writes a state of the task with this key, which is in the state `from` so far. */
  save(key: number, from: TaskStatus, task: Task): void {
    switch (task.status) {
      case 'blocked':
        this.#saveBlocked(key, from, task);
        return;
      case 'scheduled':
        this.#saveScheduled(key, task);
        return;
      case 'pending':
        this.#savePending(key, from, task);
        return;
      case 'processing':
        this.#saveProcessing(key, from, task);
        return;
      case 'completed':
        this.#saveCompleted(key, task);
        return;
      case 'failed':
      case 'cancelled':
        this.#saveEnded(key, task);
        return;
    }
  }

  #saveBlocked(key: number, from: TaskStatus, task: BlockedTask): void {
    const { waitingFor, runAt, attempts, sessionId, error } = task;
    if (from === 'blocked') {
      this.#waitFor.run(waitingFor, key);
    } else {
      this.#block.run(waitingFor, runAt, attempts, keyOf(sessionId), error?.code ?? null, error?.message ?? null, key);
    }
  }

  #saveScheduled(key: number, { runAt, attempts, sessionId, error }: ScheduledTask): void {
    this.#schedule.run(runAt, attempts, keyOf(sessionId), error?.code ?? null, error?.message ?? null, key);
  }

  #savePending(key: number, from: TaskStatus, task: PendingTask): void {
    if (from === 'scheduled') {
      this.#makeDue.run(task.runAt, key);
    } else if (from === 'pending') {
      const { agent, fallback, error } = task;
      this.#reroute.run(agent, fallback ?? '', error?.code ?? null, error?.message ?? null, key);
    } else {
      const { runAt, attempts, sessionId, error } = task;
      this.#makeReady.run(runAt, attempts, keyOf(sessionId), error?.code ?? null, error?.message ?? null, key);
    }
  }

  #saveProcessing(key: number, from: TaskStatus, task: ProcessingTask): void {
    const sessionId = keyOf(task.sessionId);
    if (from === 'processing') {
      this.#attach.run(sessionId, task.owner, key);
    } else {
      const { attempts, epoch, agentId, owner, startedAt } = task;
      this.#claim.run(attempts, epoch, decodeId(agentId), owner, sessionId, startedAt, key);
    }
  }

  #saveCompleted(key: number, { sessionId, finishedAt, result }: CompletedTask): void {
    const text = listedText(result.text);
    const truncated = result.truncated ? 1 : 0;
    this.#complete.run(keyOf(sessionId), finishedAt, result.exitCode, result.bytes, truncated, text, key);
    if (text !== result.text) this.#result.run(key, result.text);
  }

  #saveEnded(key: number, task: Exclude<FinishedTask, CompletedTask>): void {
    const statement = task.status === 'failed' ? this.#fail : this.#cancel;
    const { agentId, sessionId, finishedAt, error } = task;
    statement.run(keyOf(agentId), keyOf(sessionId), finishedAt, error.code, error.message, key);
  }

  openAttempt(task: ProcessingTask): void {
    this.#openAttempt.run(decodeId(task.id), task.epoch, decodeId(task.agentId), task.startedAt);
  }

  /** False when there is no such attempt. */
  closeAttempt(key: number, epoch: number, { finishedAt, outcome, exitCode, error }: AttemptEnd): boolean {
    const { code, message } = error ?? { code: null, message: null };
    return this.#closeAttempt.run(finishedAt, outcome, exitCode, code, message, key, epoch).changes === 1;
  }
}

function keyOf(id: string | null): Key {
  return id === null ? null : decodeId(id);
}
