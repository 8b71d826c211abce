import Database from 'better-sqlite3';
import { DomainError, notFound } from '../../domain/shared/domain-error.js';
import { decodeId, type WorkspaceId } from '../../domain/shared/id.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import type {
  WorkspaceFilter,
  WorkspaceReader,
  WorkspaceRepository,
} from '../../domain/workspace/workspace-repository.js';
import type { OpenTransaction } from './open-transaction.js';
import type { WorkspaceQueries, WorkspaceWrites } from './workspace-statements.js';

/** Committed workspaces. */
export class SqliteWorkspaceReader implements WorkspaceReader {
  readonly #queries: WorkspaceQueries;

  constructor(queries: WorkspaceQueries) {
    this.#queries = queries;
  }

  async get(id: WorkspaceId): Promise<Workspace> {
    return getWorkspace(this.#queries, id);
  }

  async findByPath(path: string): Promise<Workspace | undefined> {
    return this.#queries.findByPath(path);
  }

  async list(filter: WorkspaceFilter): Promise<Workspace[]> {
    return this.#queries.list(filter);
  }

  async sameRepository(id: WorkspaceId): Promise<WorkspaceId[]> {
    return this.#queries.sameRepository(getWorkspace(this.#queries, id));
  }
}

/** The workspaces as one transaction sees and changes them. */
export class SqliteWorkspaceRepository implements WorkspaceRepository {
  readonly #transaction: OpenTransaction;
  readonly #queries: WorkspaceQueries;
  readonly #writes: WorkspaceWrites;

  constructor(transaction: OpenTransaction, queries: WorkspaceQueries, writes: WorkspaceWrites) {
    this.#transaction = transaction;
    this.#queries = queries;
    this.#writes = writes;
  }

  async get(id: WorkspaceId): Promise<Workspace> {
    this.#transaction.reading();
    return getWorkspace(this.#queries, id);
  }

  async findByPath(path: string): Promise<Workspace | undefined> {
    this.#transaction.reading();
    return this.#queries.findByPath(path);
  }

  async list(filter: WorkspaceFilter): Promise<Workspace[]> {
    this.#transaction.reading();
    return this.#queries.list(filter);
  }

  async sameRepository(id: WorkspaceId): Promise<WorkspaceId[]> {
    this.#transaction.reading();
    return this.#queries.sameRepository(getWorkspace(this.#queries, id));
  }

  async insert(workspace: Workspace): Promise<void> {
    this.#transaction.writing();
    try {
      this.#writes.insert(workspace);
    } catch (error) {
      const isTaken = error instanceof Database.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE';
      throw isTaken ? new DomainError('conflict', `${workspace.path} is a workspace already.`) : error;
    }
  }

  async save(workspace: Workspace): Promise<void> {
    this.#transaction.writing();
    if (!this.#writes.save(workspace)) throw notFound('workspace', workspace.id);
  }
}

function getWorkspace(queries: WorkspaceQueries, id: WorkspaceId): Workspace {
  const workspace = queries.find(decodeId(id));
  if (workspace === undefined) throw notFound('workspace', id);
  return workspace;
}
