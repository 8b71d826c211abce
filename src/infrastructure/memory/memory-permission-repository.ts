import type { AllowedPermission, DeniedPermission, Permission } from '../../domain/permission/permission.js';
import type {
  PermissionFilter,
  PermissionReader,
  PermissionRepository,
  SameRequest,
} from '../../domain/permission/permission-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import type { PermissionId, TaskId, WorkspaceId } from '../../domain/shared/id.js';
import { type MemoryTable, newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Permissions as these rows show them. */
export class MemoryPermissionReader implements PermissionReader {
  readonly #guard: Guard;
  readonly #rows: Rows<Permission>;

  constructor(guard: Guard, rows: Rows<Permission>) {
    this.#guard = guard;
    this.#rows = rows;
  }

  async get(id: PermissionId): Promise<Permission> {
    this.#guard();
    const permission = this.#rows.get(id);
    if (permission === undefined) throw notFound('permission', id);
    return permission;
  }

  async list(filter: PermissionFilter): Promise<Permission[]> {
    this.#guard();
    const { status, taskId } = filter;
    return newest(
      this.#rows,
      filter,
      (permission) =>
        (status === undefined || permission.status === status) &&
        (taskId === undefined || permission.taskId === taskId),
    );
  }
}

/** Permissions as one transaction sees and changes them. */
export class MemoryPermissionRepository extends MemoryPermissionReader implements PermissionRepository {
  readonly #guard: Guard;
  readonly #rows: MemoryTable<Permission>;

  constructor(guard: Guard, rows: MemoryTable<Permission>) {
    super(guard, rows);
    this.#guard = guard;
    this.#rows = rows;
  }

  async insert(permission: Permission): Promise<void> {
    this.#guard();
    this.#rows.set(permission.id, permission);
  }

  async save(permission: Permission): Promise<void> {
    this.#guard();
    if (this.#rows.get(permission.id) === undefined) throw notFound('permission', permission.id);
    this.#rows.set(permission.id, permission);
  }

  async findSame({ taskId, tool, input }: SameRequest): Promise<Permission | undefined> {
    return this.#last((one) => one.taskId === taskId && one.tool === tool && one.input === input);
  }

  async findAlways(about: {
    readonly profile: string;
    readonly workspaceId: WorkspaceId;
    readonly tool: string;
  }): Promise<AllowedPermission | DeniedPermission | undefined> {
    const { profile, workspaceId, tool } = about;
    const found = this.#last(
      (one) => one.always && one.profile === profile && one.workspaceId === workspaceId && one.tool === tool,
    );
    return found?.status === 'allowed' || found?.status === 'denied' ? found : undefined;
  }

  async waitingOf(taskId: TaskId): Promise<Permission[]> {
    this.#guard();
    return [...this.#rows.all()]
      .filter((one) => one.taskId === taskId && one.status === 'waiting')
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #last(matches: (permission: Permission) => boolean): Permission | undefined {
    this.#guard();
    return [...this.#rows.all()].filter(matches).sort((a, b) => (a.id < b.id ? 1 : -1))[0];
  }
}
