import type { Database, Statement } from 'better-sqlite3';
import { LIMIT } from './limit.js';
import { TASK_COLUMNS, type TaskRow } from './task-rows.js';

const READY = "status = 'pending'";
const LANES = `SELECT workspace_id, agent, fallback FROM task WHERE ${READY}`;
const OF_LANE = `${READY} AND workspace_id = ? AND agent = ? AND fallback = ?`;

/**
 * The ready tasks stand in the index in lanes, each in queue order: a lane is a workspace and who may work in it. So a
 * full workspace and an agent whose account is closed are passed over in one step each, however many of their tasks
 * wait. The order over all is merged from the heads.
 */
export const READY_QUERIES = {
  firstLane: `${LANES} ORDER BY workspace_id, agent, fallback LIMIT 1`,
  lastLane: `${LANES} ORDER BY workspace_id DESC, agent DESC, fallback DESC LIMIT 1`,
  // Column by column: for a comparison of rows SQLite begins at the lane that it is to leave, and walks over all of it.
  nextLane: `SELECT * FROM (${LANES} AND workspace_id = ? AND agent = ? AND fallback > ? ORDER BY fallback LIMIT 1)
    UNION ALL SELECT * FROM (${LANES} AND workspace_id = ? AND agent > ? ORDER BY agent, fallback LIMIT 1)
    UNION ALL SELECT * FROM (${LANES} AND workspace_id > ? ORDER BY workspace_id, agent, fallback LIMIT 1)
    LIMIT 1`,
  heads: `SELECT priority, run_at, id FROM task WHERE ${OF_LANE} ORDER BY priority DESC, run_at, id ${LIMIT}`,
  lane: `SELECT ${TASK_COLUMNS} FROM task WHERE ${OF_LANE} ORDER BY priority DESC, run_at, id ${LIMIT}`,
  byId: `SELECT ${TASK_COLUMNS} FROM task WHERE id = ?`,
  nextPriority: `SELECT max(priority) FROM task WHERE ${OF_LANE} AND priority < ?`,
  firstRunAt: `SELECT min(run_at) FROM task WHERE ${OF_LANE} AND priority = ?`,
} as const;

type Lane = [workspace: number, agent: string, fallback: string];
type Head = readonly [priority: number, runAt: number, key: number];

/** Whose tasks are passed over. */
export interface PassedOver {
  readonly workspaces: readonly number[];
  readonly agents: readonly string[];
}

/** What waits for an agent, prepared once for a connection. */
export class ReadyTasks {
  readonly #firstLane: Statement<[], Lane>;
  readonly #lastLane: Statement<[], Lane>;
  readonly #nextLane: Statement<[...Lane, number, string, number], Lane>;
  readonly #heads: Statement<[...Lane, number], Head>;
  readonly #lane: Statement<[...Lane, number], TaskRow>;
  readonly #byId: Statement<[number], TaskRow>;
  readonly #nextPriority: Statement<[...Lane, number], number | null>;
  readonly #firstRunAt: Statement<[...Lane, number], number>;

  constructor(database: Database) {
    const q = READY_QUERIES;
    this.#firstLane = database.prepare<[], Lane>(q.firstLane).raw();
    this.#lastLane = database.prepare<[], Lane>(q.lastLane).raw();
    this.#nextLane = database.prepare<[...Lane, number, string, number], Lane>(q.nextLane).raw();
    this.#heads = database.prepare<[...Lane, number], Head>(q.heads).raw();
    this.#lane = database.prepare<[...Lane, number], TaskRow>(q.lane).raw();
    this.#byId = database.prepare<[number], TaskRow>(q.byId).raw();
    this.#nextPriority = database.prepare<[...Lane, number], number | null>(q.nextPriority).pluck();
    this.#firstRunAt = database.prepare<[...Lane, number], number>(q.firstRunAt).pluck();
  }

  /** Up to `limit` rows in queue order, none of a lane that is passed over. */
  rows(limit: number, except: PassedOver): TaskRow[] {
    const first = this.#firstLane.get();
    const last = this.#lastLane.get();
    if (first === undefined || last === undefined) return [];
    // Mostly one workspace is busy with one agent at a time, and the claim is on the way of every task.
    if (isSame(first, last)) return isPassedOver(first, except) ? [] : this.#lane.all(...first, limit);
    return [...this.#lanes()]
      .filter((lane) => !isPassedOver(lane, except))
      .flatMap((lane) => this.#heads.all(...lane, limit))
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
        const runAt = this.#firstRunAt.get(...lane, priority);
        if (runAt !== undefined) earliest = Math.min(earliest ?? runAt, runAt);
      }
    }
    return earliest;
  }

  /** The lanes that have ready tasks; one step of the index for each. */
  *#lanes(): Generator<Lane> {
    let lane = this.#firstLane.get();
    while (lane !== undefined) {
      yield lane;
      lane = this.#after(lane);
    }
  }

  #after([workspace, agent, fallback]: Lane): Lane | undefined {
    return this.#nextLane.get(workspace, agent, fallback, workspace, agent, workspace);
  }

  *#priorities(lane: Lane): Generator<number> {
    let priority = this.#nextPriority.get(...lane, Number.MAX_SAFE_INTEGER);
    while (priority !== undefined && priority !== null) {
      yield priority;
      priority = this.#nextPriority.get(...lane, priority);
    }
  }
}

function isSame(one: Lane, other: Lane): boolean {
  return one[0] === other[0] && one[1] === other[1] && one[2] === other[2];
}

function isPassedOver([workspace, agent, fallback]: Lane, { workspaces, agents }: PassedOver): boolean {
  if (workspaces.includes(workspace)) return true;
  return agents.includes(agent) && (fallback === '' || agents.includes(fallback));
}

function byQueueOrder(one: Head, other: Head): number {
  return other[0] - one[0] || one[1] - other[1] || one[2] - other[2];
}
