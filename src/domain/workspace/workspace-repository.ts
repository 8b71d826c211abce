import type { WorkspaceId } from '../shared/id.js';
import type { Workspace } from './workspace.js';

/** Which workspaces a list shows, newest first. */
export interface WorkspaceFilter {
  readonly before?: WorkspaceId | undefined;
  readonly limit: number;
}

/** Most workspaces of one repository that are looked at together: more worktrees than anybody keeps. */
export const MAX_SAME_REPOSITORY = 500;

export interface WorkspaceReader {
  /** Throws `not_found`. */
  get(id: WorkspaceId): Promise<Workspace>;
  findByPath(path: string): Promise<Workspace | undefined>;
  /** Active workspaces only. */
  list(filter: WorkspaceFilter): Promise<Workspace[]>;
  /**
   * The workspaces that are of the same repository as this one, removed ones too, newest first, at most
   * MAX_SAME_REPOSITORY of them, this one always among them. Throws `not_found`.
   */
  sameRepository(id: WorkspaceId): Promise<WorkspaceId[]>;
}

export interface WorkspaceRepository extends WorkspaceReader {
  insert(workspace: Workspace): Promise<void>;
  save(workspace: Workspace): Promise<void>;
}
