import { DomainError, notFound } from '../../domain/shared/domain-error.js';
import type { WorkspaceId } from '../../domain/shared/id.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import {
  MAX_SAME_REPOSITORY,
  type WorkspaceFilter,
  type WorkspaceReader,
  type WorkspaceRepository,
} from '../../domain/workspace/workspace-repository.js';
import { type MemoryTable, newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Workspaces as these rows show them. */
export class MemoryWorkspaceReader implements WorkspaceReader {
  readonly #guard: Guard;
  readonly #workspaces: Rows<Workspace>;

  constructor(guard: Guard, workspaces: Rows<Workspace>) {
    this.#guard = guard;
    this.#workspaces = workspaces;
  }

  async get(id: WorkspaceId): Promise<Workspace> {
    this.#guard();
    const workspace = this.#workspaces.get(id);
    if (workspace === undefined) throw notFound('workspace', id);
    return workspace;
  }

  async findByPath(path: string): Promise<Workspace | undefined> {
    this.#guard();
    return [...this.#workspaces.all()].find((workspace) => workspace.path === path);
  }

  async list(filter: WorkspaceFilter): Promise<Workspace[]> {
    this.#guard();
    return newest(this.#workspaces, filter, ({ status }) => status === 'active');
  }

  async sameRepository(id: WorkspaceId): Promise<WorkspaceId[]> {
    const { repository } = await this.get(id);
    if (repository === null) return [id];
    const fits = (workspace: Workspace) => workspace.repository === repository;
    const ids = newest(this.#workspaces, { limit: MAX_SAME_REPOSITORY }, fits).map((workspace) => workspace.id);
    return ids.includes(id) ? ids : [...ids.slice(0, -1), id];
  }
}

/** The workspaces as one transaction sees and changes them. */
export class MemoryWorkspaceRepository extends MemoryWorkspaceReader implements WorkspaceRepository {
  readonly #guard: Guard;
  readonly #workspaces: MemoryTable<Workspace>;

  constructor(guard: Guard, workspaces: MemoryTable<Workspace>) {
    super(guard, workspaces);
    this.#guard = guard;
    this.#workspaces = workspaces;
  }

  async insert(workspace: Workspace): Promise<void> {
    const holder = await this.findByPath(workspace.path);
    if (holder !== undefined) throw new DomainError('conflict', `${workspace.path} is a workspace already.`);
    this.#workspaces.set(workspace.id, workspace);
  }

  async save(workspace: Workspace): Promise<void> {
    this.#guard();
    if (this.#workspaces.get(workspace.id) === undefined) throw notFound('workspace', workspace.id);
    this.#workspaces.set(workspace.id, workspace);
  }
}
