import type { Database, Statement } from 'better-sqlite3';
import type { Session, SessionStatus } from '../../domain/session/session.js';
import type { SessionFilter } from '../../domain/session/session-repository.js';
import { decodeId, encodeId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';

const COLUMNS = `id, status, source, provider_session_id, agent, workspace_id, task_id, title, prompts, started_at,
  ended_at, reason, cwd, transcript_path, agent_version`;

/** Each list starts from the smallest index that holds its rows in order; what is left of the filter is checked row by row. */
const LISTS = {
  all: 'session NOT INDEXED WHERE true',
  open: 'session INDEXED BY session_open WHERE status = @status AND ended_at IS NULL',
  failed: `session INDEXED BY session_failed WHERE status = 'failed'`,
  workspace: 'session INDEXED BY session_workspace WHERE workspace_id = @workspaceId',
} as const;

export const SESSION_STATEMENTS = {
  byId: `SELECT ${COLUMNS} FROM session WHERE id = ?`,
  byProvider: `SELECT ${COLUMNS} FROM session WHERE provider_session_id = ? AND source = ?`,
  countOpen: 'SELECT status, count(*) FROM session WHERE ended_at IS NULL GROUP BY status',
  idle: `SELECT ${COLUMNS} FROM session s INDEXED BY session_open
    WHERE ended_at IS NULL AND status = 'active' AND task_id IS NULL AND started_at < @since
    AND NOT EXISTS (SELECT 1 FROM prompt WHERE session_id = s.id AND at >= @since)
    AND NOT EXISTS (SELECT 1 FROM tool_use WHERE session_id = s.id AND at >= @since) ORDER BY id LIMIT @limit + 0`,
  listAll: listOf('all'),
  listOpen: listOf('open'),
  listFailed: listOf('failed'),
  listWorkspace: listOf('workspace'),
  insert: `INSERT INTO session (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  save: `UPDATE session SET status = ?, source = ?, provider_session_id = ?, task_id = ?, title = ?, prompts = ?, ended_at = ?, reason = ?,
    cwd = ?, transcript_path = ?, agent_version = ?, agent = ? WHERE id = ?`,
} as const;

function listOf(from: keyof typeof LISTS): string {
  return `SELECT ${COLUMNS} FROM ${LISTS[from]} AND id < @below
    AND (@status IS NULL OR status = @status) AND (@workspaceId IS NULL OR workspace_id = @workspaceId)
    ORDER BY id DESC LIMIT @limit`;
}

type SessionRow = [
  id: number,
  status: SessionStatus,
  source: string,
  providerSessionId: string | null,
  agent: string,
  workspaceId: number,
  taskId: number | null,
  title: string,
  prompts: number,
  startedAt: number,
  endedAt: number | null,
  reason: string | null,
  cwd: string | null,
  transcriptPath: string | null,
  agentVersion: string | null,
];

interface ListParameters {
  status: SessionStatus | null;
  workspaceId: number | null;
  below: number;
  limit: number;
}

/** Every question about sessions, prepared once for a connection. */
export class SessionQueries {
  readonly #byId: Statement<[number], SessionRow>;
  readonly #byProvider: Statement<[string, string], SessionRow>;
  readonly #idle: Statement<[{ since: number; limit: number }], SessionRow>;
  readonly #countOpen: Statement<[], ['active' | 'paused', number]>;
  readonly #listAll: Statement<[ListParameters], SessionRow>;
  readonly #listOpen: Statement<[ListParameters], SessionRow>;
  readonly #listFailed: Statement<[ListParameters], SessionRow>;
  readonly #listWorkspace: Statement<[ListParameters], SessionRow>;

  constructor(database: Database) {
    const s = SESSION_STATEMENTS;
    this.#byId = database.prepare<[number], SessionRow>(s.byId).raw();
    this.#byProvider = database.prepare<[string, string], SessionRow>(s.byProvider).raw();
    this.#countOpen = database.prepare<[], ['active' | 'paused', number]>(s.countOpen).raw();
    this.#idle = database.prepare<[{ since: number; limit: number }], SessionRow>(s.idle).raw();
    this.#listAll = database.prepare<[ListParameters], SessionRow>(s.listAll).raw();
    this.#listOpen = database.prepare<[ListParameters], SessionRow>(s.listOpen).raw();
    this.#listFailed = database.prepare<[ListParameters], SessionRow>(s.listFailed).raw();
    this.#listWorkspace = database.prepare<[ListParameters], SessionRow>(s.listWorkspace).raw();
  }

  find(key: number): Session | undefined {
    const row = this.#byId.get(key);
    return row === undefined ? undefined : toSession(row);
  }

  findByProvider(source: string, providerSessionId: string): Session | undefined {
    const row = this.#byProvider.get(providerSessionId, source);
    return row === undefined ? undefined : toSession(row);
  }

  idle(since: Timestamp, limit: number): Session[] {
    return this.#idle.all({ since, limit }).map(toSession);
  }

  list({ status, workspaceId, before, limit }: SessionFilter): Session[] {
    const parameters = {
      status: status ?? null,
      workspaceId: workspaceId === undefined ? null : decodeId(workspaceId),
      below: before === undefined ? Number.MAX_SAFE_INTEGER : decodeId(before),
      limit,
    };
    return this.#listFrom(parameters).all(parameters).map(toSession);
  }

  #listFrom({ status, workspaceId }: ListParameters): Statement<[ListParameters], SessionRow> {
    if (status === 'active' || status === 'paused') return this.#listOpen;
    if (status === 'failed') return this.#listFailed;
    return workspaceId === null ? this.#listAll : this.#listWorkspace;
  }

  open(): { active: number; paused: number } {
    const open = { active: 0, paused: 0 };
    for (const [status, n] of this.#countOpen.all()) open[status] = n;
    return open;
  }
}

/** Every change of sessions, prepared once for the connection that writes. */
export class SessionWrites {
  readonly #insert: Statement<SessionRow>;
  readonly #save: Statement;

  constructor(database: Database) {
    this.#insert = database.prepare(SESSION_STATEMENTS.insert);
    this.#save = database.prepare(SESSION_STATEMENTS.save);
  }

  insert(session: Session): void {
    const { status, source, providerSessionId, agent, taskId, title, prompts, startedAt, endedAt, reason } = session;
    const { cwd, transcriptPath, agentVersion } = session;
    this.#insert.run(
      decodeId(session.id),
      status,
      source,
      providerSessionId,
      agent,
      decodeId(session.workspaceId),
      taskId === null ? null : decodeId(taskId),
      title,
      prompts,
      startedAt,
      endedAt,
      reason,
      cwd,
      transcriptPath,
      agentVersion,
    );
  }

  /** False when there is no such session. */
  save(session: Session): boolean {
    const { id, status, source, providerSessionId, taskId, title, prompts, endedAt, reason } = session;
    const { cwd, transcriptPath, agentVersion, agent } = session;
    const task = taskId === null ? null : decodeId(taskId);
    const whose = [status, source, providerSessionId, task];
    const rest = [cwd, transcriptPath, agentVersion, agent, decodeId(id)];
    return this.#save.run(...whose, title, prompts, endedAt, reason, ...rest).changes === 1;
  }
}

/** The session of a row. The table's CHECKs stand for what each state must have. */
function toSession(row: SessionRow): Session {
  const [
    id,
    status,
    source,
    providerSessionId,
    agent,
    workspaceId,
    taskId,
    title,
    prompts,
    startedAt,
    endedAt,
    reason,
    cwd,
    transcriptPath,
    agentVersion,
  ] = row;
  return {
    id: encodeId('session', id),
    status,
    source,
    providerSessionId,
    agent,
    workspaceId: encodeId('workspace', workspaceId),
    taskId: taskId === null ? null : encodeId('task', taskId),
    title,
    prompts,
    cwd,
    transcriptPath,
    agentVersion,
    startedAt,
    endedAt,
    reason,
  } as Session;
}
