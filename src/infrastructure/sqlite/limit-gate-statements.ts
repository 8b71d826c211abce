import type { Database, Statement } from 'better-sqlite3';
import type { LimitGate } from '../../domain/limit/limit-gate.js';
import { decodeId, encodeId } from '../../domain/shared/id.js';

const COLUMNS = 'account, kind, reason, since, closed_at, closed_until, strikes, probe_task, probe_epoch';

export const LIMIT_GATE_STATEMENTS = {
  // There are no more of them than accounts in the configuration.
  all: `SELECT ${COLUMNS} FROM limit_gate ORDER BY account`,
  find: `SELECT ${COLUMNS} FROM limit_gate WHERE account = ?`,
  save: `INSERT OR REPLACE INTO limit_gate (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  remove: 'DELETE FROM limit_gate WHERE account = ?',
} as const;

type Row = [
  account: string,
  kind: LimitGate['kind'],
  reason: string,
  since: number,
  closedAt: number,
  closedUntil: number,
  strikes: number,
  probeTask: number | null,
  probeEpoch: number | null,
];

/** Every question about the gates of accounts, prepared once for a connection. */
export class LimitGateQueries {
  readonly #all: Statement<[], Row>;
  readonly #find: Statement<[string], Row>;

  constructor(database: Database) {
    this.#all = database.prepare<[], Row>(LIMIT_GATE_STATEMENTS.all).raw();
    this.#find = database.prepare<[string], Row>(LIMIT_GATE_STATEMENTS.find).raw();
  }

  all(): LimitGate[] {
    return this.#all.all().map(toGate);
  }

  find(account: string): LimitGate | undefined {
    const row = this.#find.get(account);
    return row === undefined ? undefined : toGate(row);
  }
}

/** Every change of them, prepared once for the connection that writes. */
export class LimitGateWrites {
  readonly #save: Statement<Row>;
  readonly #remove: Statement<[string]>;

  constructor(database: Database) {
    this.#save = database.prepare(LIMIT_GATE_STATEMENTS.save);
    this.#remove = database.prepare(LIMIT_GATE_STATEMENTS.remove);
  }

  save({ account, kind, reason, since, closedAt, closedUntil, strikes, probe }: LimitGate): void {
    const task = probe === null ? null : decodeId(probe.taskId);
    this.#save.run(account, kind, reason, since, closedAt, closedUntil, strikes, task, probe?.epoch ?? null);
  }

  remove(account: string): void {
    this.#remove.run(account);
  }
}

function toGate([account, kind, reason, since, closedAt, closedUntil, strikes, task, epoch]: Row): LimitGate {
  const probe = task === null || epoch === null ? null : { taskId: encodeId('task', task), epoch };
  return { account, kind, reason, since, closedAt, closedUntil, strikes, probe };
}
