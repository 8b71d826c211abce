import type { AllowedPermission, DeniedPermission, Permission } from '../../domain/permission/permission.js';
import type {
  PermissionFilter,
  PermissionReader,
  PermissionRepository,
  SameRequest,
} from '../../domain/permission/permission-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import { decodeId, type PermissionId, type TaskId, type WorkspaceId } from '../../domain/shared/id.js';
import type { OpenTransaction } from './open-transaction.js';
import type { PermissionQueries, PermissionWrites } from './permission-statements.js';

/** Permissions as a connection sees them; `guard` is asked before every read. */
export class SqlitePermissionReader implements PermissionReader {
  readonly #queries: PermissionQueries;
  readonly #guard: () => void;

  constructor(queries: PermissionQueries, guard: () => void = () => undefined) {
    this.#queries = queries;
    this.#guard = guard;
  }

  async get(id: PermissionId): Promise<Permission> {
    this.#guard();
    const permission = this.#queries.find(decodeId(id));
    if (permission === undefined) throw notFound('permission', id);
    return permission;
  }

  async list(filter: PermissionFilter): Promise<Permission[]> {
    this.#guard();
    return this.#queries.list(filter);
  }
}

/** Permissions as one transaction sees and changes them. */
export class SqlitePermissionRepository extends SqlitePermissionReader implements PermissionRepository {
  readonly #transaction: OpenTransaction;
  readonly #queries: PermissionQueries;
  readonly #writes: PermissionWrites;

  constructor(transaction: OpenTransaction, queries: PermissionQueries, writes: PermissionWrites) {
    super(queries, () => transaction.reading());
    this.#transaction = transaction;
    this.#queries = queries;
    this.#writes = writes;
  }

  async insert(permission: Permission): Promise<void> {
    this.#transaction.writing();
    this.#writes.insert(permission);
  }

  async save(permission: Permission): Promise<void> {
    this.#transaction.writing();
    if (!this.#writes.save(permission)) throw notFound('permission', permission.id);
  }

  async findSame(request: SameRequest): Promise<Permission | undefined> {
    this.#transaction.reading();
    return this.#queries.findSame(request);
  }

  async findAlways({
    profile,
    workspaceId,
    tool,
  }: {
    readonly profile: string;
    readonly workspaceId: WorkspaceId;
    readonly tool: string;
  }): Promise<AllowedPermission | DeniedPermission | undefined> {
    this.#transaction.reading();
    const found = this.#queries.findAlways(workspaceId, profile, tool);
    return found?.status === 'allowed' || found?.status === 'denied' ? found : undefined;
  }

  async waitingOf(taskId: TaskId): Promise<Permission[]> {
    this.#transaction.reading();
    return this.#queries.waitingOf(taskId);
  }
}
