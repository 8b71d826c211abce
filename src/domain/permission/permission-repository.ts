import type { PermissionId, TaskId, WorkspaceId } from '../shared/id.js';
import type { AllowedPermission, DeniedPermission, Permission, PermissionStatus } from './permission.js';

/** Which permissions a list shows, newest first. */
export interface PermissionFilter {
  readonly status?: PermissionStatus | undefined;
  readonly taskId?: TaskId | undefined;
  readonly before?: PermissionId | undefined;
  readonly limit: number;
}

/** The same tool with the same input, in the same task. */
export interface SameRequest {
  readonly taskId: TaskId;
  readonly tool: string;
  readonly input: string;
}

export interface PermissionReader {
  /** Throws `not_found`. */
  get(id: PermissionId): Promise<Permission>;
  list(filter: PermissionFilter): Promise<Permission[]>;
}

export interface PermissionRepository extends PermissionReader {
  insert(permission: Permission): Promise<void>;
  save(permission: Permission): Promise<void>;
  /** The last permission that was asked for the same, whatever became of it. */
  findSame(request: SameRequest): Promise<Permission | undefined>;
  /** The last answer that holds for every use of a tool by agents of a profile in a workspace. */
  findAlways(about: {
    readonly profile: string;
    readonly workspaceId: WorkspaceId;
    readonly tool: string;
  }): Promise<AllowedPermission | DeniedPermission | undefined>;
  /** All of a task that wait for an answer. */
  waitingOf(taskId: TaskId): Promise<Permission[]>;
}
