import type { Database, Statement } from 'better-sqlite3';
import type { Permission, PermissionStatus } from '../../domain/permission/permission.js';
import type { PermissionFilter, SameRequest } from '../../domain/permission/permission-repository.js';
import { decodeId, encodeId, type TaskId, type WorkspaceId } from '../../domain/shared/id.js';

const COLUMNS = `id, status, task_id, session_id, workspace_id, agent_id, profile, request_id, tool_use_id, tool, input,
  title, asked_at, decided_by, reason, always, decided_at`;

export const PERMISSION_STATEMENTS = {
  byId: `SELECT ${COLUMNS} FROM permission WHERE id = ?`,
  same: `SELECT ${COLUMNS} FROM permission INDEXED BY permission_task
    WHERE task_id = ? AND tool = ? AND input = ? ORDER BY id DESC LIMIT 1`,
  always: `SELECT ${COLUMNS} FROM permission INDEXED BY permission_always
    WHERE workspace_id = ? AND profile = ? AND tool = ? AND always = 1 ORDER BY id DESC LIMIT 1`,
  waitingOf: `SELECT ${COLUMNS} FROM permission INDEXED BY permission_task
    WHERE task_id = ? AND status = 'waiting' ORDER BY id`,
  list: listFrom('permission NOT INDEXED WHERE true'),
  listWaiting: listFrom(`permission INDEXED BY permission_waiting WHERE status = 'waiting'`),
  listTask: listFrom('permission INDEXED BY permission_task WHERE task_id = @taskId'),
  insert: `INSERT INTO permission (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  save: `UPDATE permission SET status = ?, agent_id = ?, request_id = ?, tool_use_id = ?, decided_by = ?, reason = ?,
    always = ?, decided_at = ? WHERE id = ?`,
} as const;

function listFrom(from: string): string {
  return `SELECT ${COLUMNS} FROM ${from} AND id < @below AND (@status IS NULL OR status = @status)
    AND (@taskId IS NULL OR task_id = @taskId) ORDER BY id DESC LIMIT @limit + 0`;
}

type PermissionRow = [
  id: number,
  status: PermissionStatus,
  taskId: number,
  sessionId: number,
  workspaceId: number,
  agentId: number,
  profile: string,
  requestId: string,
  toolUseId: string | null,
  tool: string,
  input: string,
  title: string,
  askedAt: number,
  by: 'rule' | 'person' | 'earlier' | null,
  reason: string | null,
  always: number,
  decidedAt: number | null,
];

interface ListParameters {
  status: PermissionStatus | null;
  taskId: number | null;
  below: number;
  limit: number;
}

/** Every question about permissions, prepared once for a connection. */
export class PermissionQueries {
  readonly #byId: Statement<[number], PermissionRow>;
  readonly #same: Statement<[number, string, string], PermissionRow>;
  readonly #always: Statement<[number, string, string], PermissionRow>;
  readonly #waitingOf: Statement<[number], PermissionRow>;
  readonly #list: Statement<[ListParameters], PermissionRow>;
  readonly #listWaiting: Statement<[ListParameters], PermissionRow>;
  readonly #listTask: Statement<[ListParameters], PermissionRow>;

  constructor(database: Database) {
    const s = PERMISSION_STATEMENTS;
    this.#byId = database.prepare<[number], PermissionRow>(s.byId).raw();
    this.#same = database.prepare<[number, string, string], PermissionRow>(s.same).raw();
    this.#always = database.prepare<[number, string, string], PermissionRow>(s.always).raw();
    this.#waitingOf = database.prepare<[number], PermissionRow>(s.waitingOf).raw();
    this.#list = database.prepare<[ListParameters], PermissionRow>(s.list).raw();
    this.#listWaiting = database.prepare<[ListParameters], PermissionRow>(s.listWaiting).raw();
    this.#listTask = database.prepare<[ListParameters], PermissionRow>(s.listTask).raw();
  }

  find(key: number): Permission | undefined {
    return toPermission(this.#byId.get(key));
  }

  findSame({ taskId, tool, input }: SameRequest): Permission | undefined {
    return toPermission(this.#same.get(decodeId(taskId), tool, input));
  }

  findAlways(workspaceId: WorkspaceId, profile: string, tool: string): Permission | undefined {
    return toPermission(this.#always.get(decodeId(workspaceId), profile, tool));
  }

  waitingOf(taskId: TaskId): Permission[] {
    return this.#waitingOf.all(decodeId(taskId)).map(permissionOf);
  }

  list({ status, taskId, before, limit }: PermissionFilter): Permission[] {
    const statement = status === 'waiting' ? this.#listWaiting : taskId === undefined ? this.#list : this.#listTask;
    return statement
      .all({
        status: status ?? null,
        taskId: taskId === undefined ? null : decodeId(taskId),
        below: before === undefined ? Number.MAX_SAFE_INTEGER : decodeId(before),
        limit,
      })
      .map(permissionOf);
  }
}

/** Every change of permissions, prepared once for the connection that writes. */
export class PermissionWrites {
  readonly #insert: Statement<PermissionRow>;
  readonly #save: Statement;

  constructor(database: Database) {
    this.#insert = database.prepare(PERMISSION_STATEMENTS.insert);
    this.#save = database.prepare(PERMISSION_STATEMENTS.save);
  }

  insert(permission: Permission): void {
    const { id, status, taskId, sessionId, workspaceId, agentId, profile, requestId, toolUseId } = permission;
    const { tool, input, title, askedAt, by, reason, always, decidedAt } = permission;
    const keys = [decodeId(taskId), decodeId(sessionId), decodeId(workspaceId), decodeId(agentId)] as const;
    const asked = [profile, requestId, toolUseId, tool, input, title, askedAt] as const;
    this.#insert.run(decodeId(id), status, ...keys, ...asked, by, reason, always ? 1 : 0, decidedAt);
  }

  /** False when there is no such permission. */
  save(permission: Permission): boolean {
    const { id, status, agentId, requestId, toolUseId, by, reason, always, decidedAt } = permission;
    const asked = [decodeId(agentId), requestId, toolUseId];
    return this.#save.run(status, ...asked, by, reason, always ? 1 : 0, decidedAt, decodeId(id)).changes === 1;
  }
}

function toPermission(row: PermissionRow | undefined): Permission | undefined {
  return row === undefined ? undefined : permissionOf(row);
}

/** The permission of a row. The table's CHECKs stand for what each state must have. */
function permissionOf(row: PermissionRow): Permission {
  const [id, status, taskId, sessionId, workspaceId, agentId, profile, requestId, toolUseId, tool, input] = row;
  const [title, askedAt, by, reason, always, decidedAt] = row.slice(11) as [
    string,
    number,
    PermissionRow[13],
    string | null,
    number,
    number | null,
  ];
  return {
    id: encodeId('perm', id),
    status,
    taskId: encodeId('task', taskId),
    sessionId: encodeId('session', sessionId),
    workspaceId: encodeId('workspace', workspaceId),
    agentId: encodeId('agent', agentId),
    profile,
    requestId,
    toolUseId,
    tool,
    input,
    title,
    askedAt,
    by,
    reason,
    always: always === 1,
    decidedAt,
  } as Permission;
}
