import type { Database, Statement } from 'better-sqlite3';
import { encodeId, type TaskId } from '../../domain/shared/id.js';
import { type Attempt, wasInterrupted } from '../../domain/task/attempt.js';
import { mayBeCut } from '../../domain/task/listed-text.js';
import type { Task, TaskStatus, UniqueScope } from '../../domain/task/task.js';
import type { ReadyExcept, RunningTask } from '../../domain/task/task-repository.js';
import { DependencyQueries } from './dependency-queries.js';
import { LIMIT } from './limit.js';
import { ReadyTasks } from './ready-tasks.js';
import { ATTEMPT_COLUMNS, type AttemptRow, TASK_COLUMNS, type TaskRow, toAttempt, toTask } from './task-rows.js';
import { WorkspaceNames } from './workspace-names.js';

/**
 * Every question about tasks but the list, prepared once for a connection. States are written out in the statements,
 * because SQLite uses a partial index only where it can see that the condition holds.
 */
export const TASK_QUERIES = {
  byId: `SELECT ${TASK_COLUMNS} FROM task WHERE id = ?`,
  status: 'SELECT status FROM task WHERE id = ?',
  uniqueWaiting: `SELECT ${TASK_COLUMNS} FROM task INDEXED BY task_unique
    WHERE unique_key = ? AND finished_at IS NULL AND status <> 'processing' ORDER BY created_at DESC, id DESC LIMIT 1`,
  uniqueUnfinished: `SELECT ${TASK_COLUMNS} FROM task INDEXED BY task_unique
    WHERE unique_key = ? AND finished_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1`,
  uniqueSince: `SELECT ${TASK_COLUMNS} FROM task INDEXED BY task_unique_made
    WHERE unique_key = ? AND created_at > ? ORDER BY created_at DESC, id DESC LIMIT 1`,
  byRequest: `SELECT ${TASK_COLUMNS} FROM task WHERE id = (SELECT task_id FROM task_request WHERE request_id = ?)`,
  due: `SELECT ${TASK_COLUMNS} FROM task WHERE status = 'scheduled' AND run_at <= ? ORDER BY run_at, id ${LIMIT}`,
  limited: `SELECT ${TASK_COLUMNS} FROM task WHERE status = 'scheduled' AND error_code = 'rate_limited'
    ORDER BY id ${LIMIT}`,
  overdue: `SELECT ${TASK_COLUMNS} FROM task WHERE deadline <= ? AND deadline IS NOT NULL AND finished_at IS NULL
    ORDER BY deadline ${LIMIT}`,
  nextDeadline: `SELECT deadline FROM task WHERE deadline IS NOT NULL AND finished_at IS NULL ORDER BY deadline LIMIT 1`,
  nextDue: `SELECT run_at FROM task WHERE status = 'scheduled' ORDER BY run_at LIMIT 1`,
  running: `SELECT agent, workspace_id, task_group FROM task WHERE status = 'processing'`,
  abandoned: `SELECT ${TASK_COLUMNS} FROM task WHERE status = 'processing' AND owner <> ? ${LIMIT}`,
  after: 'SELECT after_id FROM task_dependency WHERE task_id = ? ORDER BY place',
  prompt: 'SELECT text FROM task_prompt WHERE task_id = ?',
  result: 'SELECT text FROM task_result WHERE task_id = ?',
  attempts: `SELECT ${ATTEMPT_COLUMNS} FROM attempt WHERE task_id = ? ORDER BY epoch`,
  attemptsBefore: `SELECT ${ATTEMPT_COLUMNS} FROM attempt WHERE task_id = ? AND epoch < ? ORDER BY epoch DESC ${LIMIT}`,
} as const;

const NO_DEPENDENCIES = 0;

export class TaskQueries {
  readonly dependencies: DependencyQueries;
  readonly #workspaces: WorkspaceNames;
  readonly #byId: Statement<[number], TaskRow>;
  readonly #status: Statement<[number], TaskStatus>;
  readonly #uniqueWaiting: Statement<[string], TaskRow>;
  readonly #uniqueUnfinished: Statement<[string], TaskRow>;
  readonly #uniqueSince: Statement<[string, number], TaskRow>;
  readonly #byRequest: Statement<[string], TaskRow>;
  readonly #ready: ReadyTasks;
  readonly #due: Statement<[number, number], TaskRow>;
  readonly #limited: Statement<[number], TaskRow>;
  readonly #nextDue: Statement<[], number>;
  readonly #overdue: Statement<[number, number], TaskRow>;
  readonly #nextDeadline: Statement<[], number>;
  readonly #running: Statement<[], [agent: string, workspace: number, group: string]>;
  readonly #abandoned: Statement<[string, number], TaskRow>;
  readonly #after: Statement<[number], number>;
  readonly #prompt: Statement<[number], string>;
  readonly #result: Statement<[number], string>;
  readonly #attempts: Statement<[number], AttemptRow>;
  readonly #attemptsBefore: Statement<[number, number, number], AttemptRow>;

  constructor(database: Database) {
    const q = TASK_QUERIES;
    this.dependencies = new DependencyQueries(database);
    this.#workspaces = new WorkspaceNames(database);
    this.#byId = database.prepare<[number], TaskRow>(q.byId).raw();
    this.#status = database.prepare<[number], TaskStatus>(q.status).pluck();
    this.#uniqueWaiting = database.prepare<[string], TaskRow>(q.uniqueWaiting).raw();
    this.#uniqueUnfinished = database.prepare<[string], TaskRow>(q.uniqueUnfinished).raw();
    this.#uniqueSince = database.prepare<[string, number], TaskRow>(q.uniqueSince).raw();
    this.#byRequest = database.prepare<[string], TaskRow>(q.byRequest).raw();
    this.#ready = new ReadyTasks(database);
    this.#due = database.prepare<[number, number], TaskRow>(q.due).raw();
    this.#limited = database.prepare<[number], TaskRow>(q.limited).raw();
    this.#nextDue = database.prepare<[], number>(q.nextDue).pluck();
    this.#overdue = database.prepare<[number, number], TaskRow>(q.overdue).raw();
    this.#nextDeadline = database.prepare<[], number>(q.nextDeadline).pluck();
    this.#running = database.prepare<[], [string, number, string]>(q.running).raw();
    this.#abandoned = database.prepare<[string, number], TaskRow>(q.abandoned).raw();
    this.#after = database.prepare<[number], number>(q.after).pluck();
    this.#prompt = database.prepare<[number], string>(q.prompt).pluck();
    this.#result = database.prepare<[number], string>(q.result).pluck();
    this.#attempts = database.prepare<[number], AttemptRow>(q.attempts).raw();
    this.#attemptsBefore = database.prepare<[number, number, number], AttemptRow>(q.attemptsBefore).raw();
  }

  find(key: number): Task | undefined {
    return this.#wholeOrNone(this.#byId.get(key));
  }

  status(key: number): TaskStatus | undefined {
    return this.#status.get(key);
  }

  findByUnique(unique: string, scope: UniqueScope, now: number): Task | undefined {
    if (typeof scope === 'object') return this.#wholeOrNone(this.#uniqueSince.get(unique, now - scope.periodMs));
    const statement = scope === 'waiting' ? this.#uniqueWaiting : this.#uniqueUnfinished;
    return this.#wholeOrNone(statement.get(unique));
  }

  findByRequest(requestId: string): Task | undefined {
    return this.#wholeOrNone(this.#byRequest.get(requestId));
  }

  ready(limit: number, except: ReadyExcept, agingMs: number | null): Task[] {
    return this.#wholeAll(this.#ready.rows(limit, except, agingMs));
  }

  oldestPending(): number | null {
    return this.#ready.earliest();
  }

  due(now: number, limit: number): Task[] {
    return this.#wholeAll(this.#due.all(now, limit));
  }

  limited(limit: number): Task[] {
    return this.#wholeAll(this.#limited.all(limit));
  }

  nextDue(): number | null {
    return this.#nextDue.get() ?? null;
  }

  running(): RunningTask[] {
    return this.#running.all().map(([agent, workspace, group]) => {
      return { agent, workspaceId: encodeId('workspace', workspace), group: group === '' ? null : group };
    });
  }

  overdue(now: number, limit: number): Task[] {
    return this.#wholeAll(this.#overdue.all(now, limit));
  }

  nextDeadline(): number | null {
    return this.#nextDeadline.get() ?? null;
  }

  abandoned(owner: string, limit: number): Task[] {
    return this.#wholeAll(this.#abandoned.all(owner, limit));
  }

  attempts(id: TaskId, key: number): Attempt[] {
    return this.#attempts.all(key).map((row) => toAttempt(id, row));
  }

  interruptionsInARow(id: TaskId, key: number, epoch: number, most: number): number {
    const before = this.#attemptsBefore.all(key, epoch, most).map((row) => toAttempt(id, row));
    const other = before.findIndex((attempt) => !wasInterrupted(attempt));
    return other === -1 ? before.length : other;
  }

  /** A row as a list shows it: prompt and result stay cut. */
  listed(row: TaskRow): Task {
    return toTask(row, {
      workspace: this.#workspaces.get(row[18]),
      prompt: row[25],
      resultText: row[16],
      after: this.#afterOf(row),
    });
  }

  #whole(row: TaskRow): Task {
    const [key] = row;
    const prompt = row[25];
    const result = row[16];
    return toTask(row, {
      workspace: this.#workspaces.get(row[18]),
      prompt: mayBeCut(prompt) ? (this.#prompt.get(key) ?? prompt) : prompt,
      resultText: result !== null && mayBeCut(result) ? (this.#result.get(key) ?? result) : result,
      after: this.#afterOf(row),
    });
  }

  #wholeOrNone(row: TaskRow | undefined): Task | undefined {
    return row === undefined ? undefined : this.#whole(row);
  }

  #wholeAll(rows: TaskRow[]): Task[] {
    return rows.map((row) => this.#whole(row));
  }

  #afterOf(row: TaskRow): TaskId[] {
    return row[22] === NO_DEPENDENCIES ? [] : this.#after.all(row[0]).map((key) => encodeId('task', key));
  }
}
