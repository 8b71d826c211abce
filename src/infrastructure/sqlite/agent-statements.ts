import type { Database, Statement } from 'better-sqlite3';
import type { Agent, AgentStatus } from '../../domain/agent/agent.js';
import type { Protocol } from '../../domain/agent/agent-profile.js';
import type { AgentFilter } from '../../domain/agent/agent-repository.js';
import { decodeId, encodeId } from '../../domain/shared/id.js';
import { LIMIT } from './limit.js';

const COLUMNS = `id, status, task_id, stopped_at, receipt_ended, receipt_left, reason, profile, protocol, run_id, owner,
  started_at`;

export const AGENT_STATEMENTS = {
  byId: `SELECT ${COLUMNS} FROM agent WHERE id = ?`,
  all: `SELECT ${COLUMNS} FROM agent WHERE id < ? ORDER BY id DESC ${LIMIT}`,
  live: `SELECT ${COLUMNS} FROM agent WHERE stopped_at IS NULL AND id < ? ORDER BY id DESC ${LIMIT}`,
  abandoned: `SELECT ${COLUMNS} FROM agent WHERE stopped_at IS NULL AND owner <> ? ORDER BY id`,
  insert: `INSERT INTO agent (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  saveLive: 'UPDATE agent SET status = ?, task_id = ? WHERE id = ?',
  saveEnded: `UPDATE agent SET status = ?, task_id = NULL, stopped_at = ?, receipt_ended = ?, receipt_left = ?, reason = ?
    WHERE id = ?`,
  mark: 'SELECT mark FROM agent WHERE id = ?',
  saveMark: 'UPDATE agent SET mark = ? WHERE id = ?',
  changeOwner: 'UPDATE agent SET owner = ? WHERE id = ?',
  removeEnded: 'DELETE FROM agent WHERE id = ? AND stopped_at < ?',
} as const;

type AgentRow = [
  id: number,
  status: AgentStatus,
  taskId: number | null,
  stoppedAt: number | null,
  receiptEnded: number | null,
  receiptLeft: number | null,
  reason: string | null,
  profile: string,
  protocol: Protocol,
  runId: string,
  owner: string,
  startedAt: number,
];

/** Every question about agents, prepared once for a connection. */
export class AgentQueries {
  readonly #byId: Statement<[number], AgentRow>;
  readonly #all: Statement<[number, number], AgentRow>;
  readonly #live: Statement<[number, number], AgentRow>;
  readonly #abandoned: Statement<[string], AgentRow>;
  readonly #mark: Statement<[number], string | null>;

  constructor(database: Database) {
    this.#byId = database.prepare<[number], AgentRow>(AGENT_STATEMENTS.byId).raw();
    this.#all = database.prepare<[number, number], AgentRow>(AGENT_STATEMENTS.all).raw();
    this.#live = database.prepare<[number, number], AgentRow>(AGENT_STATEMENTS.live).raw();
    this.#abandoned = database.prepare<[string], AgentRow>(AGENT_STATEMENTS.abandoned).raw();
    this.#mark = database.prepare<[number], string | null>(AGENT_STATEMENTS.mark).pluck();
  }

  mark(key: number): string | null {
    return this.#mark.get(key) ?? null;
  }

  find(key: number): Agent | undefined {
    const row = this.#byId.get(key);
    return row === undefined ? undefined : toAgent(row);
  }

  list({ live, before, limit }: AgentFilter): Agent[] {
    const statement = live === true ? this.#live : this.#all;
    const below = before === undefined ? Number.MAX_SAFE_INTEGER : decodeId(before);
    return statement.all(below, limit).map(toAgent);
  }

  abandoned(owner: string): Agent[] {
    return this.#abandoned.all(owner).map(toAgent);
  }
}

/** Every change of agents, prepared once for the connection that writes. */
export class AgentWrites {
  readonly #insert: Statement<AgentRow>;
  readonly #saveLive: Statement<[AgentStatus, number | null, number]>;
  readonly #removeEnded: Statement<[number, number]>;
  readonly #saveMark: Statement<[string, number]>;
  readonly #changeOwner: Statement<[string, number]>;
  readonly #saveEnded: Statement<[AgentStatus, number, number, number, string | null, number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(AGENT_STATEMENTS.insert);
    this.#saveLive = database.prepare(AGENT_STATEMENTS.saveLive);
    this.#removeEnded = database.prepare(AGENT_STATEMENTS.removeEnded);
    this.#saveMark = database.prepare(AGENT_STATEMENTS.saveMark);
    this.#changeOwner = database.prepare(AGENT_STATEMENTS.changeOwner);
    this.#saveEnded = database.prepare(AGENT_STATEMENTS.saveEnded);
  }

  insert(agent: Agent): void {
    const { status, stoppedAt, receipt, reason, profile, protocol, runId, owner, startedAt } = agent;
    this.#insert.run(
      decodeId(agent.id),
      status,
      agent.taskId === null ? null : decodeId(agent.taskId),
      stoppedAt,
      receipt?.ended ?? null,
      receipt?.left ?? null,
      reason,
      profile,
      protocol,
      runId,
      owner,
      startedAt,
    );
  }

  saveMark(key: number, mark: string): void {
    this.#saveMark.run(mark, key);
  }

  /** False when there is no such agent. */
  changeOwner(key: number, owner: string): boolean {
    return this.#changeOwner.run(owner, key).changes === 1;
  }

  /** False when none such has ended before. */
  removeEnded(key: number, before: number): boolean {
    return this.#removeEnded.run(key, before).changes > 0;
  }

  /** False when there is no such agent. */
  save(agent: Agent): boolean {
    const key = decodeId(agent.id);
    if (agent.status === 'stopped' || agent.status === 'crashed') {
      const { status, stoppedAt, receipt, reason } = agent;
      return this.#saveEnded.run(status, stoppedAt, receipt.ended, receipt.left, reason, key).changes === 1;
    }
    const taskKey = agent.taskId === null ? null : decodeId(agent.taskId);
    return this.#saveLive.run(agent.status, taskKey, key).changes === 1;
  }
}

/** The agent of a row. The table's CHECKs stand for what each state must have. */
function toAgent(row: AgentRow): Agent {
  const [id, status, taskId, stoppedAt, ended, left, reason, profile, protocol, runId, owner, startedAt] = row;
  return {
    id: encodeId('agent', id),
    profile,
    protocol,
    runId,
    owner,
    startedAt,
    status,
    taskId: taskId === null ? null : encodeId('task', taskId),
    stoppedAt,
    receipt: ended === null || left === null ? null : { ended, left },
    reason,
  } as Agent;
}
