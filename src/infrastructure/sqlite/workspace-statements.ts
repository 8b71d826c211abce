import type { Database, Statement } from 'better-sqlite3';
import { decodeId, encodeId, type WorkspaceId } from '../../domain/shared/id.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import { MAX_SAME_REPOSITORY, type WorkspaceFilter } from '../../domain/workspace/workspace-repository.js';
import { LIMIT } from './limit.js';

const COLUMNS = 'id, path, name, added_at, removed_at, repository, branch, head, dirty, scanned_at, notice';

export const WORKSPACE_STATEMENTS = {
  byId: `SELECT ${COLUMNS} FROM workspace WHERE id = ?`,
  byPath: `SELECT ${COLUMNS} FROM workspace WHERE path = ?`,
  list: `SELECT ${COLUMNS} FROM workspace WHERE removed_at IS NULL AND id < ? ORDER BY id DESC ${LIMIT}`,
  sameRepository: `SELECT id FROM workspace WHERE repository = ? ORDER BY id DESC ${LIMIT}`,
  insert: `INSERT INTO workspace (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  save: `UPDATE workspace SET name = ?, added_at = ?, removed_at = ?, repository = ?, branch = ?, head = ?, dirty = ?,
    scanned_at = ?, notice = ? WHERE id = ?`,
} as const;

type Facts = [
  addedAt: number,
  removedAt: number | null,
  repository: string | null,
  branch: string | null,
  head: string | null,
  dirty: number | null,
  scannedAt: number | null,
  notice: string | null,
];
type WorkspaceRow = [id: number, path: string, name: string, ...facts: Facts];

/** Every question about workspaces, prepared once for a connection. */
export class WorkspaceQueries {
  readonly #byId: Statement<[number], WorkspaceRow>;
  readonly #byPath: Statement<[string], WorkspaceRow>;
  readonly #list: Statement<[number, number], WorkspaceRow>;
  readonly #sameRepository: Statement<[string, number], number>;

  constructor(database: Database) {
    this.#byId = database.prepare<[number], WorkspaceRow>(WORKSPACE_STATEMENTS.byId).raw();
    this.#byPath = database.prepare<[string], WorkspaceRow>(WORKSPACE_STATEMENTS.byPath).raw();
    this.#list = database.prepare<[number, number], WorkspaceRow>(WORKSPACE_STATEMENTS.list).raw();
    this.#sameRepository = database.prepare<[string, number], number>(WORKSPACE_STATEMENTS.sameRepository).pluck();
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

  sameRepository({ id, repository }: Workspace): WorkspaceId[] {
    if (repository === null) return [id];
    const ids = this.#sameRepository.all(repository, MAX_SAME_REPOSITORY).map((key) => encodeId('workspace', key));
    return ids.includes(id) ? ids : [...ids.slice(0, -1), id];
  }
}

/** Every change of workspaces, prepared once for the connection that writes. */
export class WorkspaceWrites {
  readonly #insert: Statement<WorkspaceRow>;
  readonly #save: Statement<[name: string, ...facts: Facts, id: number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(WORKSPACE_STATEMENTS.insert);
    this.#save = database.prepare(WORKSPACE_STATEMENTS.save);
  }

  insert(workspace: Workspace): void {
    const { id, path, name } = workspace;
    this.#insert.run(decodeId(id), path, name, ...factsOf(workspace));
  }

  /** False when there is no such workspace. */
  save(workspace: Workspace): boolean {
    return this.#save.run(workspace.name, ...factsOf(workspace), decodeId(workspace.id)).changes === 1;
  }
}

function factsOf({ addedAt, removedAt, repository, branch, head, dirty, scannedAt, notice }: Workspace): Facts {
  return [addedAt, removedAt, repository, branch, head, dirty === null ? null : Number(dirty), scannedAt, notice];
}

function toWorkspace([id, path, name, addedAt, removedAt, ...facts]: WorkspaceRow): Workspace {
  const [repository, branch, head, dirty, scannedAt, notice] = facts;
  const git = { repository, branch, head, dirty: dirty === null ? null : dirty === 1 };
  const known = { id: encodeId('workspace', id), path, name, addedAt, ...git, scannedAt, notice };
  return removedAt === null ? { ...known, status: 'active', removedAt } : { ...known, status: 'removed', removedAt };
}
