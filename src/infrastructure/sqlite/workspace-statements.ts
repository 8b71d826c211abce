import type { Database, Statement } from 'better-sqlite3';
import { decodeId, encodeId } from '../../domain/shared/id.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import type { WorkspaceFilter } from '../../domain/workspace/workspace-repository.js';
import { LIMIT } from './limit.js';

const COLUMNS = 'id, path, name, added_at, removed_at';

export const WORKSPACE_STATEMENTS = {
  byId: `SELECT ${COLUMNS} FROM workspace WHERE id = ?`,
  byPath: `SELECT ${COLUMNS} FROM workspace WHERE path = ?`,
  list: `SELECT ${COLUMNS} FROM workspace WHERE removed_at IS NULL AND id < ? ORDER BY id DESC ${LIMIT}`,
  insert: `INSERT INTO workspace (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`,
  save: 'UPDATE workspace SET name = ?, added_at = ?, removed_at = ? WHERE id = ?',
} as const;

type WorkspaceRow = [id: number, path: string, name: string, addedAt: number, removedAt: number | null];

/** Every question about workspaces, prepared once for a connection. */
export class WorkspaceQueries {
  readonly #byId: Statement<[number], WorkspaceRow>;
  readonly #byPath: Statement<[string], WorkspaceRow>;
  readonly #list: Statement<[number, number], WorkspaceRow>;

  constructor(database: Database) {
    this.#byId = database.prepare<[number], WorkspaceRow>(WORKSPACE_STATEMENTS.byId).raw();
    this.#byPath = database.prepare<[string], WorkspaceRow>(WORKSPACE_STATEMENTS.byPath).raw();
    this.#list = database.prepare<[number, number], WorkspaceRow>(WORKSPACE_STATEMENTS.list).raw();
  }

  find(key: number): Workspace | undefined {
    const row = this.#byId.get(key);
    return row === undefined ? undefined : toWorkspace(row);
  }

  findByPath(path: string): Workspace | undefined {
    const row = this.#byPath.get(path);
    return row === undefined ? undefined : toWorkspace(row);
  }

  list({ before, limit }: WorkspaceFilter): Workspace[] {
    const below = before === undefined ? Number.MAX_SAFE_INTEGER : decodeId(before);
    return this.#list.all(below, limit).map(toWorkspace);
  }
}

/** Every change of workspaces, prepared once for the connection that writes. */
export class WorkspaceWrites {
  readonly #insert: Statement<WorkspaceRow>;
  readonly #save: Statement<[string, number, number | null, number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(WORKSPACE_STATEMENTS.insert);
    this.#save = database.prepare(WORKSPACE_STATEMENTS.save);
  }

  insert({ id, path, name, addedAt, removedAt }: Workspace): void {
    this.#insert.run(decodeId(id), path, name, addedAt, removedAt);
  }

  /** False when there is no such workspace. */
  save({ id, name, addedAt, removedAt }: Workspace): boolean {
    return this.#save.run(name, addedAt, removedAt, decodeId(id)).changes === 1;
  }
}

function toWorkspace([id, path, name, addedAt, removedAt]: WorkspaceRow): Workspace {
  const known = { id: encodeId('workspace', id), path, name, addedAt };
  return removedAt === null ? { ...known, status: 'active', removedAt } : { ...known, status: 'removed', removedAt };
}
