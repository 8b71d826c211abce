import { type GitFacts, NO_GIT } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';

/** Where a workspace is, and what is known of it before anybody scans it. `path` is resolved. */
export interface WorkspacePlace {
  readonly path: string;
  readonly git: GitFacts;
}

/**
 * The workspace that what happens in a directory belongs to: the top of its work tree, else the directory itself.
 * Throws `invalid_input` for what is no directory.
 */
export async function placeOf(
  path: string,
  { directories, repositories }: Pick<Dependencies, 'directories' | 'repositories'>,
): Promise<WorkspacePlace> {
  const resolved = await directories.resolve(path);
  const tree = await repositories.find(resolved);
  return tree === null ? { path: resolved, git: NO_GIT } : { path: tree.root, git: tree.git };
}
