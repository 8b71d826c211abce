import type { Database, Statement } from 'better-sqlite3';
import type { ActiveSchedule, MissedPolicy, Schedule } from '../../domain/schedule/schedule.js';
import type { ScheduleFilter } from '../../domain/schedule/schedule-repository.js';
import { decodeId, encodeId, type ScheduleId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { LIMIT } from './limit.js';

const FIXED = 'id, name, cron, time_zone, every_ms, task, missed, created_at';
const STATE = 'paused, next_at, handled_until, last_at, last_task, error_at, error_code, error_message';

export const SCHEDULE_STATEMENTS = {
  byId: `SELECT ${FIXED}, ${STATE} FROM schedule WHERE id = ?`,
  byName: `SELECT ${FIXED}, ${STATE} FROM schedule WHERE name = ?`,
  list: `SELECT ${FIXED}, ${STATE} FROM schedule WHERE id < ? ORDER BY id DESC ${LIMIT}`,
  // There are no more of them than MAX_SCHEDULES.
  count: 'SELECT count(*) FROM schedule',
  due: `SELECT ${FIXED}, ${STATE} FROM schedule WHERE next_at <= ? ORDER BY next_at, id ${LIMIT}`,
  next: 'SELECT min(next_at) FROM schedule WHERE next_at IS NOT NULL',
  insert: `INSERT INTO schedule (${FIXED}, ${STATE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  save: `UPDATE schedule SET paused = ?, next_at = ?, handled_until = ?, last_at = ?, last_task = ?, error_at = ?,
    error_code = ?, error_message = ? WHERE id = ?`,
  remove: 'DELETE FROM schedule WHERE id = ?',
} as const;

type FixedRow = [
  id: number,
  name: string,
  cron: string | null,
  timeZone: string | null,
  everyMs: number | null,
  task: string,
  missed: MissedPolicy,
  createdAt: number,
];
type StateRow = [
  paused: number,
  nextAt: number | null,
  handledUntil: number,
  lastAt: number | null,
  lastTask: number | null,
  errorAt: number | null,
  errorCode: string | null,
  errorMessage: string | null,
];
type Row = [...FixedRow, ...StateRow];

/** Every question about schedules, prepared once for a connection. */
export class ScheduleQueries {
  readonly #byId: Statement<[number], Row>;
  readonly #byName: Statement<[string], Row>;
  readonly #list: Statement<[number, number], Row>;
  readonly #count: Statement<[], number>;
  readonly #due: Statement<[number, number], Row>;
  readonly #next: Statement<[], number | null>;

  constructor(database: Database) {
    this.#byId = database.prepare<[number], Row>(SCHEDULE_STATEMENTS.byId).raw();
    this.#byName = database.prepare<[string], Row>(SCHEDULE_STATEMENTS.byName).raw();
    this.#list = database.prepare<[number, number], Row>(SCHEDULE_STATEMENTS.list).raw();
    this.#count = database.prepare<[], number>(SCHEDULE_STATEMENTS.count).pluck();
    this.#due = database.prepare<[number, number], Row>(SCHEDULE_STATEMENTS.due).raw();
    this.#next = database.prepare<[], number | null>(SCHEDULE_STATEMENTS.next).pluck();
  }

  find(id: ScheduleId): Schedule | undefined {
    const row = this.#byId.get(decodeId(id));
    return row === undefined ? undefined : toSchedule(row);
  }

  findByName(name: string): Schedule | undefined {
    const row = this.#byName.get(name);
    return row === undefined ? undefined : toSchedule(row);
  }

  list({ before, limit }: ScheduleFilter): Schedule[] {
    const below = before === undefined ? Number.MAX_SAFE_INTEGER : decodeId(before);
    return this.#list.all(below, limit).map(toSchedule);
  }

  count(): number {
    return this.#count.get() ?? 0;
  }

  due(now: Timestamp, limit: number): ActiveSchedule[] {
    return this.#due
      .all(now, limit)
      .map(toSchedule)
      .filter((schedule) => schedule.status === 'active');
  }

  nextAt(): Timestamp | null {
    return this.#next.get() ?? null;
  }
}

/** Every change of schedules, prepared once for the connection that writes. */
export class ScheduleWrites {
  readonly #insert: Statement<Row>;
  readonly #save: Statement<[...StateRow, id: number]>;
  readonly #remove: Statement<[number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(SCHEDULE_STATEMENTS.insert);
    this.#save = database.prepare(SCHEDULE_STATEMENTS.save);
    this.#remove = database.prepare(SCHEDULE_STATEMENTS.remove);
  }

  insert(schedule: Schedule): void {
    const { id, name, spec, task, missed, createdAt } = schedule;
    const times: [string | null, string | null, number | null] =
      'cron' in spec ? [spec.cron, spec.timeZone, null] : [null, null, spec.everyMs];
    this.#insert.run(decodeId(id), name, ...times, JSON.stringify(task), missed, createdAt, ...stateOf(schedule));
  }

  /** False when there is no such schedule. */
  save(schedule: Schedule): boolean {
    return this.#save.run(...stateOf(schedule), decodeId(schedule.id)).changes === 1;
  }

  remove(id: ScheduleId): void {
    this.#remove.run(decodeId(id));
  }
}

function stateOf({ status, nextAt, handledUntil, lastAt, lastTaskId, lastError }: Schedule): StateRow {
  const task = lastTaskId === null ? null : decodeId(lastTaskId);
  const error = [lastError?.at ?? null, lastError?.code ?? null, lastError?.message ?? null] as const;
  return [Number(status === 'paused'), nextAt, handledUntil, lastAt, task, ...error];
}

function toSchedule([id, name, cron, timeZone, everyMs, task, missed, createdAt, ...state]: Row): Schedule {
  const [paused, nextAt, handledUntil, lastAt, lastTask, errorAt, errorCode, errorMessage] = state;
  const known = {
    id: encodeId('schedule', id),
    name,
    spec: cron === null || timeZone === null ? { everyMs: everyMs ?? 0 } : { cron, timeZone },
    task: JSON.parse(task) as Schedule['task'],
    missed,
    createdAt,
    handledUntil,
    lastAt,
    lastTaskId: lastTask === null ? null : encodeId('task', lastTask),
    lastError:
      errorAt === null || errorCode === null || errorMessage === null
        ? null
        : { at: errorAt, code: errorCode, message: errorMessage },
  };
  return paused === 1 ? { ...known, status: 'paused', nextAt: null } : { ...known, status: 'active', nextAt };
}
