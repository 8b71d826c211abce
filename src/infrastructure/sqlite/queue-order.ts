import type { Database, Statement } from 'better-sqlite3';
import type { Lane } from './lane-filter.js';
import { LIMIT } from './limit.js';

const READY = "status = 'pending'";
const HEAD = 'priority, run_at, id';
const LANE = 'workspace_id, agent, fallback, task_group';
const OF_LANE = `${READY} AND workspace_id = ? AND agent = ? AND fallback = ? AND task_group = ?`;
const IN_ORDER = `ORDER BY priority DESC, run_at, id ${LIMIT}`;
const BY_TIME = `ORDER BY run_at, id ${LIMIT}`;

export const ORDER_QUERIES = {
  first: `SELECT ${LANE}, ${HEAD} FROM task WHERE ${READY} ${IN_ORDER}`,
  firstOf: `SELECT ${LANE}, ${HEAD} FROM task WHERE ${READY} AND priority = ? ${BY_TIME}`,
  heads: `SELECT ${HEAD} FROM task WHERE ${OF_LANE} ${IN_ORDER}`,
  headsOf: `SELECT ${HEAD} FROM task WHERE ${OF_LANE} AND priority = ? ${BY_TIME}`,
  nextPriority: `SELECT max(priority) FROM task WHERE ${READY} AND priority < ?`,
  nextPriorityOf: `SELECT max(priority) FROM task WHERE ${OF_LANE} AND priority < ?`,
} as const;

/** What decides about a task's place in the queue. */
export type Head = [priority: number, runAt: number, key: number];

/**
 * The order in which ready tasks are handed out. Without aging it is that of the indexes. With aging a task gains one
 * grade of priority for every `agingMs` that it has been ready: who stands before whom then never changes, for both gain
 * alike, so that a task's rank is its time less `agingMs` for each grade. Within one priority the indexes have that order
 * too, and over the priorities it is merged from the heads of each.
 */
export class QueueOrder {
  readonly #first: Statement<[number], [...Lane, ...Head]>;
  readonly #firstOf: Statement<[number, number], [...Lane, ...Head]>;
  readonly #heads: Statement<[...Lane, number], Head>;
  readonly #headsOf: Statement<[...Lane, number, number], Head>;
  readonly #nextPriority: Statement<[number], number | null>;
  readonly #nextPriorityOf: Statement<[...Lane, number], number | null>;

  constructor(database: Database) {
    const q = ORDER_QUERIES;
    this.#first = database.prepare<[number], [...Lane, ...Head]>(q.first).raw();
    this.#firstOf = database.prepare<[number, number], [...Lane, ...Head]>(q.firstOf).raw();
    this.#heads = database.prepare<[...Lane, number], Head>(q.heads).raw();
    this.#headsOf = database.prepare<[...Lane, number, number], Head>(q.headsOf).raw();
    this.#nextPriority = database.prepare<[number], number | null>(q.nextPriority).pluck();
    this.#nextPriorityOf = database.prepare<[...Lane, number], number | null>(q.nextPriorityOf).pluck();
  }

  /** The first of all ready tasks. */
  first(limit: number, agingMs: number | null): [...Lane, ...Head][] {
    if (agingMs === null) return this.#first.all(limit);
    const compare = compareHeads(agingMs);
    return [...this.priorities()]
      .flatMap((priority) => this.#firstOf.all(priority, limit))
      .sort(([, , , , ...one], [, , , , ...other]) => compare(one, other))
      .slice(0, limit);
  }

  /** The first of a lane. */
  heads(lane: Lane, limit: number, agingMs: number | null): Head[] {
    if (agingMs === null) return this.#heads.all(...lane, limit);
    return [...this.#prioritiesOf(lane)]
      .flatMap((priority) => this.#headsOf.all(...lane, priority, limit))
      .sort(compareHeads(agingMs))
      .slice(0, limit);
  }

  /** The priorities that ready tasks have, high first; one step of the index for each. */
  *priorities(): Generator<number> {
    let priority = this.#nextPriority.get(Number.MAX_SAFE_INTEGER);
    while (priority !== undefined && priority !== null) {
      yield priority;
      priority = this.#nextPriority.get(priority);
    }
  }

  *#prioritiesOf(lane: Lane): Generator<number> {
    let priority = this.#nextPriorityOf.get(...lane, Number.MAX_SAFE_INTEGER);
    while (priority !== undefined && priority !== null) {
      yield priority;
      priority = this.#nextPriorityOf.get(...lane, priority);
    }
  }
}

/** Compares two ready tasks: negative when the first one goes first. */
export function compareHeads(agingMs: number | null): (one: Head, other: Head) => number {
  if (agingMs === null) return (one, other) => other[0] - one[0] || one[1] - other[1] || one[2] - other[2];
  const rank = ([priority, runAt]: Head) => runAt - priority * agingMs;
  return (one, other) => rank(one) - rank(other) || one[1] - other[1] || one[2] - other[2];
}
