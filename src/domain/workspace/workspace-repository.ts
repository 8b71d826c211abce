import type { WorkspaceId } from '../shared/id.js';
import type { Workspace } from './workspace.js';

/** Which workspaces a list shows, newest first. */
export interface WorkspaceFilter {
  readonly before?: WorkspaceId | undefined;
  readonly limit: number;
}

export interface WorkspaceReader {
  /** Throws `not_found`. */
  get(id: WorkspaceId): Promise<Workspace>;
  findByPath(path: string): Promise<Workspace | undefined>;
  /** Active workspaces only. */
  list(filter: WorkspaceFilter): Promise<Workspace[]>;
}

export interface WorkspaceRepository extends WorkspaceReader {
  insert(workspace: Workspace): Promise<void>;
  save(workspace: Workspace): Promise<void>;
}
