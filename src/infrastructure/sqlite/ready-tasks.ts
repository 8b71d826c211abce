import type { Database, Statement } from 'better-sqlite3';
import { LIMIT } from './limit.js';
import { TASK_COLUMNS, type TaskRow } from './task-rows.js';

/**
 * The ready tasks stand in the index by workspace, each workspace a lane of its own in queue order, so that a full
 * workspace is passed over in one step however many of its tasks wait. The order over all is merged from the heads.
 */
export const READY_QUERIES = {
  ends: `SELECT (SELECT min(workspace_id) FROM task WHERE status = 'pending'),
    (SELECT max(workspace_id) FROM task WHERE status = 'pending')`,
  nextLane: `SELECT min(workspace_id) FROM task WHERE status = 'pending' AND workspace_id > ?`,
  heads: `SELECT priority, run_at, id FROM task WHERE status = 'pending' AND workspace_id = ?
    ORDER BY priority DESC, run_at, id ${LIMIT}`,
  lane: `SELECT ${TASK_COLUMNS} FROM task WHERE status = 'pending' AND workspace_id = ?
    ORDER BY priority DESC, run_at, id ${LIMIT}`,
  byId: `SELECT ${TASK_COLUMNS} FROM task WHERE id = ?`,
  nextPriority: `SELECT max(priority) FROM task WHERE status = 'pending' AND workspace_id = ? AND priority < ?`,
  firstRunAt: `SELECT min(run_at) FROM task WHERE status = 'pending' AND workspace_id = ? AND priority = ?`,
} as const;

type Head = readonly [priority: number, runAt: number, key: number];

/** What waits for an agent, prepared once for a connection. */
export class ReadyTasks {
  readonly #ends: Statement<[], [first: number | null, last: number | null]>;
  readonly #nextLane: Statement<[number], number | null>;
  readonly #heads: Statement<[number, number], Head>;
  readonly #lane: Statement<[number, number], TaskRow>;
  readonly #byId: Statement<[number], TaskRow>;
  readonly #nextPriority: Statement<[number, number], number | null>;
  readonly #firstRunAt: Statement<[number, number], number>;

  constructor(database: Database) {
    const q = READY_QUERIES;
    this.#ends = database.prepare<[], [number | null, number | null]>(q.ends).raw();
    this.#nextLane = database.prepare<[number], number | null>(q.nextLane).pluck();
    this.#heads = database.prepare<[number, number], Head>(q.heads).raw();
    this.#lane = database.prepare<[number, number], TaskRow>(q.lane).raw();
    this.#byId = database.prepare<[number], TaskRow>(q.byId).raw();
    this.#nextPriority = database.prepare<[number, number], number | null>(q.nextPriority).pluck();
    this.#firstRunAt = database.prepare<[number, number], number>(q.firstRunAt).pluck();
  }

  /** Up to `limit` rows in queue order, none in a workspace of `except`. */
  rows(limit: number, except: readonly number[]): TaskRow[] {
    const [first, last] = this.#ends.get() ?? [null, null];
    if (first === null) return [];
    // Mostly one workspace is busy at a time, and the claim is on the way of every task.
    if (first === last) return except.includes(first) ? [] : this.#lane.all(first, limit);
    return [...this.#lanes()]
      .filter((lane) => !except.includes(lane))
      .flatMap((lane) => this.#heads.all(lane, limit))
      .sort(byQueueOrder)
      .slice(0, limit)
      .map(([, , key]) => this.#byId.get(key))
      .filter((row) => row !== undefined);
  }

  /** The earliest `run_at`, or null when nothing is ready. */
  earliest(): number | null {
    let earliest: number | null = null;
    for (const lane of this.#lanes()) {
      for (const priority of this.#priorities(lane)) {
        const runAt = this.#firstRunAt.get(lane, priority);
        if (runAt !== undefined) earliest = Math.min(earliest ?? runAt, runAt);
      }
    }
    return earliest;
  }

  /** The workspaces that have ready tasks; one step of the index for each. */
  *#lanes(): Generator<number> {
    let lane = this.#nextLane.get(-1);
    while (lane !== undefined && lane !== null) {
      yield lane;
      lane = this.#nextLane.get(lane);
    }
  }

  *#priorities(lane: number): Generator<number> {
    let priority = this.#nextPriority.get(lane, Number.MAX_SAFE_INTEGER);
    while (priority !== undefined && priority !== null) {
      yield priority;
      priority = this.#nextPriority.get(lane, priority);
    }
  }
}

function byQueueOrder(one: Head, other: Head): number {
  return other[0] - one[0] || one[1] - other[1] || one[2] - other[2];
}
