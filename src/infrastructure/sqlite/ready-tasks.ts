import type { Database, Statement } from 'better-sqlite3';
import { LIMIT } from './limit.js';
import { TASK_COLUMNS, type TaskRow } from './task-rows.js';

const READY = "status = 'pending'";
const IN_ORDER = `ORDER BY priority DESC, run_at, id ${LIMIT}`;
const LANES = `SELECT workspace_id, agent, fallback, task_group FROM task WHERE ${READY}`;
const OF_LANE = `${READY} AND workspace_id = ? AND agent = ? AND fallback = ? AND task_group = ?`;

/** Tasks that are looked at, beyond those asked for, before lanes are: mostly the few that are passed over stand before them. */
const LOOK_AHEAD = 32;

/**
 * The ready tasks stand in two indexes: all in queue order, and in lanes, each in queue order. A lane is a workspace, a
 * group and who may work in it, so that full workspaces and groups, and agents whose account is closed, are passed over
 * in one step each, however many of their tasks wait. The order over all is then merged from the heads.
 */
export const READY_QUERIES = {
  first: `SELECT ${TASK_COLUMNS} FROM task WHERE ${READY} ${IN_ORDER}`,
  firstLanes: `SELECT workspace_id, agent, fallback, task_group, id FROM task WHERE ${READY} ${IN_ORDER}`,
  firstLane: `${LANES} ORDER BY workspace_id, agent, fallback, task_group LIMIT 1`,
  // Column by column: for a comparison of rows SQLite begins at the lane that it is to leave, and walks over all of it.
  nextLane: `SELECT * FROM (${LANES} AND workspace_id = ? AND agent = ? AND fallback = ? AND task_group > ?
      ORDER BY task_group LIMIT 1)
    UNION ALL SELECT * FROM (${LANES} AND workspace_id = ? AND agent = ? AND fallback > ?
      ORDER BY fallback, task_group LIMIT 1)
    UNION ALL SELECT * FROM (${LANES} AND workspace_id = ? AND agent > ? ORDER BY agent, fallback, task_group LIMIT 1)
    UNION ALL SELECT * FROM (${LANES} AND workspace_id > ? ORDER BY workspace_id, agent, fallback, task_group LIMIT 1)
    LIMIT 1`,
  heads: `SELECT priority, run_at, id FROM task WHERE ${OF_LANE} ${IN_ORDER}`,
  byId: `SELECT ${TASK_COLUMNS} FROM task WHERE id = ?`,
  nextPriority: `SELECT max(priority) FROM task WHERE ${READY} AND priority < ?`,
  firstRunAt: `SELECT min(run_at) FROM task WHERE ${READY} AND priority = ?`,
} as const;

type Lane = [workspace: number, agent: string, fallback: string, group: string];
type Head = readonly [priority: number, runAt: number, key: number];

/** Whose tasks are passed over. */
export interface PassedOver {
  readonly workspaces: readonly number[];
  readonly agents: readonly string[];
  readonly groups: readonly string[];
}

/** What waits for an agent, prepared once for a connection. */
export class ReadyTasks {
  readonly #first: Statement<[number], TaskRow>;
  readonly #firstLanes: Statement<[number], [...Lane, number]>;
  readonly #firstLane: Statement<[], Lane>;
  readonly #nextLane: Statement<[...Lane, number, string, string, number, string, number], Lane>;
  readonly #heads: Statement<[...Lane, number], Head>;
  readonly #byId: Statement<[number], TaskRow>;
  readonly #nextPriority: Statement<[number], number | null>;
  readonly #firstRunAt: Statement<[number], number>;

  constructor(database: Database) {
    const q = READY_QUERIES;
    this.#first = database.prepare<[number], TaskRow>(q.first).raw();
    this.#firstLanes = database.prepare<[number], [...Lane, number]>(q.firstLanes).raw();
    this.#firstLane = database.prepare<[], Lane>(q.firstLane).raw();
    this.#nextLane = database
      .prepare<[...Lane, number, string, string, number, string, number], Lane>(q.nextLane)
      .raw();
    this.#heads = database.prepare<[...Lane, number], Head>(q.heads).raw();
    this.#byId = database.prepare<[number], TaskRow>(q.byId).raw();
    this.#nextPriority = database.prepare<[number], number | null>(q.nextPriority).pluck();
    this.#firstRunAt = database.prepare<[number], number>(q.firstRunAt).pluck();
  }

  /** Up to `limit` rows in queue order, none of a lane that is passed over. */
  rows(limit: number, except: PassedOver): TaskRow[] {
    const { workspaces, agents, groups } = except;
    // Mostly nothing is, and the claim is on the way of every task.
    if (workspaces.length + agents.length + groups.length === 0) return this.#first.all(limit);
    return (this.#amongFirst(limit, except) ?? this.#fromLanes(limit, except))
      .map((key) => this.#byId.get(key))
      .filter((row) => row !== undefined);
  }

  /** The earliest `run_at`, or null when nothing is ready. */
  earliest(): number | null {
    let earliest: number | null = null;
    for (const priority of this.#priorities()) {
      const runAt = this.#firstRunAt.get(priority);
      if (runAt !== undefined) earliest = Math.min(earliest ?? runAt, runAt);
    }
    return earliest;
  }

  /** Their keys, if the first of all hold as many as are asked for, or are all there is. */
  #amongFirst(limit: number, except: PassedOver): number[] | undefined {
    const seen = this.#firstLanes.all(limit + LOOK_AHEAD);
    const keys: number[] = [];
    for (const [workspace, agent, fallback, group, key] of seen) {
      if (!isPassedOver([workspace, agent, fallback, group], except)) keys.push(key);
      if (keys.length === limit) return keys;
    }
    return seen.length < limit + LOOK_AHEAD ? keys : undefined;
  }

  #fromLanes(limit: number, except: PassedOver): number[] {
    return [...this.#lanes()]
      .filter((lane) => !isPassedOver(lane, except))
      .flatMap((lane) => this.#heads.all(...lane, limit))
      .sort(byQueueOrder)
      .slice(0, limit)
      .map(([, , key]) => key);
  }

  /** The lanes that have ready tasks; one step of the index for each. */
  *#lanes(): Generator<Lane> {
    let lane = this.#firstLane.get();
    while (lane !== undefined) {
      yield lane;
      lane = this.#after(lane);
    }
  }

  #after([workspace, agent, fallback, group]: Lane): Lane | undefined {
    return this.#nextLane.get(
      workspace,
      agent,
      fallback,
      group,
      workspace,
      agent,
      fallback,
      workspace,
      agent,
      workspace,
    );
  }

  *#priorities(): Generator<number> {
    let priority = this.#nextPriority.get(Number.MAX_SAFE_INTEGER);
    while (priority !== undefined && priority !== null) {
      yield priority;
      priority = this.#nextPriority.get(priority);
    }
  }
}

function isPassedOver([workspace, agent, fallback, group]: Lane, except: PassedOver): boolean {
  const { workspaces, agents, groups } = except;
  if (workspaces.includes(workspace) || groups.includes(group)) return true;
  return agents.includes(agent) && (fallback === '' || agents.includes(fallback));
}

function byQueueOrder(one: Head, other: Head): number {
  return other[0] - one[0] || one[1] - other[1] || one[2] - other[2];
}
