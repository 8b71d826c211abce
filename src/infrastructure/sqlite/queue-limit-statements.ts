import type { Database, Statement } from 'better-sqlite3';
import type { QueueLimit, QueuePart, Rate } from '../../domain/queue-limit/queue-limit.js';
import type { CountedLimit, GroupHolder } from '../../domain/queue-limit/queue-limit-repository.js';
import { encodeId } from '../../domain/shared/id.js';

const COLUMNS = 'kind, name, paused, max, rate_count, rate_period_ms, exclusive';
const ID = '(SELECT id FROM queue_limit WHERE kind = ? AND name = ?)';
/** The first of a group's tasks that have begun and are in this state. */
const begun = (status: 'processing' | 'scheduled' | 'pending') => `(
    SELECT id FROM task WHERE task_group = queue_limit.name AND task_group <> '' AND finished_at IS NULL AND epoch > 0
    AND status = '${status}' ORDER BY priority DESC, run_at, id LIMIT 1)`;

export const QUEUE_LIMIT_STATEMENTS = {
  // There are no more of them than MAX_QUEUE_LIMITS.
  all: `SELECT ${COLUMNS},
      CASE WHEN rate_count IS NOT NULL THEN (
        SELECT at FROM queue_start WHERE limit_id = queue_limit.id ORDER BY n DESC LIMIT 1) END,
      CASE WHEN rate_count IS NOT NULL THEN (
        SELECT at FROM queue_start WHERE limit_id = queue_limit.id
        AND n = (SELECT max(n) FROM queue_start WHERE limit_id = queue_limit.id) + 1 - rate_count) END
    FROM queue_limit ORDER BY kind, name`,
  find: `SELECT ${COLUMNS} FROM queue_limit WHERE kind = ? AND name = ?`,
  startsAfter: `SELECT count(*) FROM queue_start WHERE limit_id = ${ID} AND at > ?`,
  holders: `SELECT name, coalesce(${begun('processing')}, ${begun('scheduled')}), ${begun('pending')}
    FROM queue_limit WHERE kind = 'group' AND exclusive = 1 ORDER BY name`,
  save: `INSERT INTO queue_limit (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (kind, name) DO UPDATE SET paused = excluded.paused, max = excluded.max, rate_count = excluded.rate_count,
      rate_period_ms = excluded.rate_period_ms, exclusive = excluded.exclusive`,
  remove: 'DELETE FROM queue_limit WHERE kind = ? AND name = ?',
  noteStart: `INSERT INTO queue_start (limit_id, n, at)
    SELECT id, coalesce((SELECT max(n) FROM queue_start WHERE limit_id = queue_limit.id), 0) + 1, ?
    FROM queue_limit WHERE kind = ? AND name = ? RETURNING limit_id, n`,
  forgetStarts: 'DELETE FROM queue_start WHERE limit_id = ? AND n < ?',
  forgetAllStarts: `DELETE FROM queue_start WHERE limit_id = ${ID}`,
  startAt: 'SELECT at FROM queue_start WHERE limit_id = ? AND n = ?',
  pullBack: `UPDATE queue_start SET at = ? WHERE limit_id = ${ID} AND at > ?`,
} as const;

type Part = [kind: QueuePart['kind'], name: string];
type LimitRow = [
  ...Part,
  paused: number,
  max: number | null,
  count: number | null,
  period: number | null,
  alone: number,
];
type CountedRow = [...LimitRow, newest: number | null, oldest: number | null];

/** Every question about the limits of the queue, prepared once for a connection. */
export class QueueLimitQueries {
  readonly #all: Statement<[], CountedRow>;
  readonly #find: Statement<Part, LimitRow>;
  readonly #startsAfter: Statement<[...Part, number], number>;
  readonly #holders: Statement<[], [group: string, busy: number | null, ready: number | null]>;

  constructor(database: Database) {
    const q = QUEUE_LIMIT_STATEMENTS;
    this.#all = database.prepare<[], CountedRow>(q.all).raw();
    this.#find = database.prepare<Part, LimitRow>(q.find).raw();
    this.#startsAfter = database.prepare<[...Part, number], number>(q.startsAfter).pluck();
    this.#holders = database.prepare<[], [string, number | null, number | null]>(q.holders).raw();
  }

  all(): CountedLimit[] {
    return this.#all.all().map(toCounted);
  }

  find({ kind, name }: QueuePart): QueueLimit | undefined {
    const row = this.#find.get(kind, name);
    return row === undefined ? undefined : toLimit(row);
  }

  startsAfter({ kind, name }: QueuePart, time: number): number {
    return this.#startsAfter.get(kind, name, time) ?? 0;
  }

  holders(): GroupHolder[] {
    const holders: GroupHolder[] = [];
    for (const [group, busy, ready] of this.#holders.all()) {
      const key = busy ?? ready;
      if (key !== null) holders.push({ group, taskId: encodeId('task', key), mayGoOn: busy === null });
    }
    return holders;
  }
}

/** Every change of them, prepared once for the connection that writes. */
export class QueueLimitWrites {
  readonly #save: Statement<LimitRow>;
  readonly #remove: Statement<Part>;
  readonly #noteStart: Statement<[number, ...Part], [limit: number, n: number]>;
  readonly #forgetStarts: Statement<[number, number]>;
  readonly #forgetAllStarts: Statement<Part>;
  readonly #startAt: Statement<[number, number], number>;
  readonly #pullBack: Statement<[number, ...Part, number]>;

  constructor(database: Database) {
    const q = QUEUE_LIMIT_STATEMENTS;
    this.#save = database.prepare(q.save);
    this.#remove = database.prepare(q.remove);
    this.#noteStart = database.prepare<[number, ...Part], [number, number]>(q.noteStart).raw();
    this.#forgetStarts = database.prepare(q.forgetStarts);
    this.#forgetAllStarts = database.prepare(q.forgetAllStarts);
    this.#startAt = database.prepare<[number, number], number>(q.startAt).pluck();
    this.#pullBack = database.prepare(q.pullBack);
  }

  save({ kind, name, paused, max, rate, exclusive }: QueueLimit): void {
    this.#save.run(kind, name, paused ? 1 : 0, max, rate?.count ?? null, rate?.periodMs ?? null, exclusive ? 1 : 0);
    if (rate === null) this.#forgetAllStarts.run(kind, name);
  }

  /** Its starts go with it. */
  remove({ kind, name }: QueuePart): void {
    this.#remove.run(kind, name);
  }

  noteStart({ kind, name }: QueuePart, { count }: Rate, at: number): number | null {
    const noted = this.#noteStart.get(at, kind, name);
    if (noted === undefined) throw new Error(`There is no limit for the ${kind} ${name}.`);
    const [limit, n] = noted;
    const oldest = n + 1 - count;
    this.#forgetStarts.run(limit, oldest);
    return this.#startAt.get(limit, oldest) ?? null;
  }

  pullBackStarts({ kind, name }: QueuePart, now: number): void {
    this.#pullBack.run(now, kind, name, now);
  }
}

function toLimit([kind, name, paused, max, count, periodMs, exclusive]: LimitRow): QueueLimit {
  const rate = count === null || periodMs === null ? null : { count, periodMs };
  return { kind, name, paused: paused === 1, max, rate, exclusive: exclusive === 1 } as QueueLimit;
}

/** Written out, because a claim reads all of them: a spread costs more than the query. */
function toCounted([kind, name, paused, max, count, periodMs, exclusive, newestStart, oldestStart]: CountedRow) {
  const rate = count === null || periodMs === null ? null : { count, periodMs };
  const limit = { kind, name, paused: paused === 1, max, rate, exclusive: exclusive === 1, newestStart, oldestStart };
  return limit as CountedLimit;
}
