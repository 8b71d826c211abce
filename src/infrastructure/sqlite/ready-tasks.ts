import type { Database, Statement } from 'better-sqlite3';
import type { ReadyExcept } from '../../domain/task/task-repository.js';
import { type Lane, LaneFilter, passesNothingOver } from './lane-filter.js';
import { LIMIT } from './limit.js';
import { compareHeads, type Head, QueueOrder } from './queue-order.js';
import { TASK_COLUMNS, type TaskRow } from './task-rows.js';

const READY = "status = 'pending'";
const IN_ORDER = `ORDER BY priority DESC, run_at, id ${LIMIT}`;
const LANES = `SELECT workspace_id, agent, fallback, task_group FROM task WHERE ${READY}`;

/** Tasks that are looked at, beyond those asked for, before lanes are: mostly the few that are passed over stand before them. */
const LOOK_AHEAD = 32;

/**
 * The ready tasks stand in two indexes: all in queue order, and in lanes, each in queue order. A lane is a workspace, a
 * group and who may work in it, so that full workspaces and groups, and agents whose account is closed, are passed over
 * in one step each, however many of their tasks wait. The order over all is then merged from the heads.
 */
export const READY_QUERIES = {
  first: `SELECT ${TASK_COLUMNS} FROM task WHERE ${READY} ${IN_ORDER}`,
  firstLane: `${LANES} ORDER BY workspace_id, agent, fallback, task_group LIMIT 1`,
  // Column by column: for a comparison of rows SQLite begins at the lane that it is to leave, and walks over all of it.
  nextLane: `SELECT * FROM (${LANES} AND workspace_id = ? AND agent = ? AND fallback = ? AND task_group > ?
      ORDER BY task_group LIMIT 1)
    UNION ALL SELECT * FROM (${LANES} AND workspace_id = ? AND agent = ? AND fallback > ?
      ORDER BY fallback, task_group LIMIT 1)
    UNION ALL SELECT * FROM (${LANES} AND workspace_id = ? AND agent > ? ORDER BY agent, fallback, task_group LIMIT 1)
    UNION ALL SELECT * FROM (${LANES} AND workspace_id > ? ORDER BY workspace_id, agent, fallback, task_group LIMIT 1)
    LIMIT 1`,
  laneOf: `SELECT workspace_id, agent, fallback, task_group, priority, run_at, id FROM task WHERE id = ? AND ${READY}`,
  byId: `SELECT ${TASK_COLUMNS} FROM task WHERE id = ?`,
  firstRunAt: `SELECT min(run_at) FROM task WHERE ${READY} AND priority = ?`,
} as const;

/** What waits for an agent, prepared once for a connection. */
export class ReadyTasks {
  readonly #order: QueueOrder;
  readonly #first: Statement<[number], TaskRow>;
  readonly #firstLane: Statement<[], Lane>;
  readonly #nextLane: Statement<[...Lane, number, string, string, number, string, number], Lane>;
  readonly #laneOf: Statement<[number], [...Lane, ...Head]>;
  readonly #byId: Statement<[number], TaskRow>;
  readonly #firstRunAt: Statement<[number], number>;

  constructor(database: Database) {
    const q = READY_QUERIES;
    this.#order = new QueueOrder(database);
    this.#first = database.prepare<[number], TaskRow>(q.first).raw();
    this.#firstLane = database.prepare<[], Lane>(q.firstLane).raw();
    this.#nextLane = database
      .prepare<[...Lane, number, string, string, number, string, number], Lane>(q.nextLane)
      .raw();
    this.#laneOf = database.prepare<[number], [...Lane, ...Head]>(q.laneOf).raw();
    this.#byId = database.prepare<[number], TaskRow>(q.byId).raw();
    this.#firstRunAt = database.prepare<[number], number>(q.firstRunAt).pluck();
  }

  /** Up to `limit` rows in queue order, none that is passed over. */
  rows(limit: number, except: ReadyExcept, agingMs: number | null): TaskRow[] {
    // Mostly nothing is, and the claim is on the way of every task.
    if (agingMs === null && passesNothingOver(except)) return this.#first.all(limit);
    const filter = new LaneFilter(except);
    return (this.#amongFirst(limit, filter, agingMs) ?? this.#fromLanes(limit, filter, agingMs))
      .map((key) => this.#byId.get(key))
      .filter((row) => row !== undefined);
  }

  /** The earliest `run_at`, or null when nothing is ready. */
  earliest(): number | null {
    let earliest: number | null = null;
    for (const priority of this.#order.priorities()) {
      const runAt = this.#firstRunAt.get(priority);
      if (runAt !== undefined) earliest = Math.min(earliest ?? runAt, runAt);
    }
    return earliest;
  }

  /** Their keys, if the first of all hold as many as are asked for, or are all there is. */
  #amongFirst(limit: number, filter: LaneFilter, agingMs: number | null): number[] | undefined {
    const seen = this.#order.first(limit + LOOK_AHEAD, agingMs);
    const keys: number[] = [];
    const begun = new Set<string>();
    for (const [workspace, agent, fallback, group, , , key] of seen) {
      if (filter.isInOrder(group)) {
        if (begun.has(group)) continue;
        begun.add(group);
      }
      if (filter.lets([workspace, agent, fallback, group], key)) keys.push(key);
      if (keys.length === limit) return keys;
    }
    return seen.length < limit + LOOK_AHEAD ? keys : undefined;
  }

  #fromLanes(limit: number, filter: LaneFilter, agingMs: number | null): number[] {
    const compare = compareHeads(agingMs);
    const heads: Head[] = [];
    /** The first of each group that goes in order, which stands in any of its lanes, also in one that is passed over. */
    const firsts = new Map<string, { readonly head: Head; readonly isLet: boolean }>();
    for (const lane of this.#lanes()) {
      const [, , , group] = lane;
      const isLet = filter.lets(lane);
      if (!filter.isInOrder(group)) {
        if (isLet) heads.push(...this.#order.heads(lane, limit, agingMs));
        continue;
      }
      const [head] = this.#order.heads(lane, 1, agingMs);
      const known = firsts.get(group);
      if (head === undefined || (known !== undefined && compare(known.head, head) < 0)) continue;
      firsts.set(group, { head, isLet });
    }
    for (const { head, isLet } of firsts.values()) if (isLet) heads.push(head);
    heads.push(...this.#letHolders(filter));
    return heads
      .sort(compare)
      .slice(0, limit)
      .map(([, , key]) => key);
  }

  #letHolders(filter: LaneFilter): Head[] {
    return filter.holders.flatMap((key) => {
      const [lane] = this.#laneOf.all(key);
      if (lane === undefined) return [];
      const [workspace, agent, fallback, group, ...head] = lane;
      return filter.lets([workspace, agent, fallback, group], key) ? [head] : [];
    });
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
}
