import { z } from 'zod';
import { Timestamp } from '../../domain/shared/timestamp.js';
import type { FileChanges } from '../../domain/workspace/workspace.js';

/** A file or symbolic link. `path` is relative to the workspace, with `/`. */
export const WorkspaceFile = z.object({ path: z.string(), bytes: z.int().nonnegative(), modifiedAt: Timestamp });
export type WorkspaceFile = z.infer<typeof WorkspaceFile>;

export interface FilesRequest {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Where to go on: what `nextCursor` said. */
  readonly after: string | null;
  /** Only paths that hold this, in which `*` stands for any run of characters. */
  readonly match: string | null;
  readonly limit: number;
}

export interface FilesPage {
  readonly items: WorkspaceFile[];
  readonly nextCursor: string | null;
}

/** `complete` is false when there is more than is looked at. */
export interface FileCount {
  readonly files: number;
  readonly directories: number;
  readonly complete: boolean;
}

/**
 * The files of a workspace, without what its ignore rules leave out; symbolic links are never followed. Each rejects
 * with `not_found` when the directory is not there.
 */
export interface WorkspaceFiles {
  /** In the order of their paths, as code units compare. A page may be short before the end: `nextCursor` alone tells. */
  list(request: FilesRequest, signal: AbortSignal): Promise<FilesPage>;
  count(root: string, signal: AbortSignal): Promise<FileCount>;
  /** What was made, changed or renamed after a time in milliseconds since 1970; for what was removed, its directory. */
  changedSince(root: string, since: number, signal: AbortSignal): Promise<FileChanges & { readonly complete: boolean }>;
}
