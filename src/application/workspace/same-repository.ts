import type { WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import type { GetWorkspace } from './list-workspaces.js';

/** The workspaces of the same repository as this one, which share what is remembered; itself among them. */
export function createListSameRepository({ read }: Pick<Dependencies, 'read'>) {
  return ({ workspaceId }: GetWorkspace): Promise<WorkspaceId[]> =>
    read(({ workspaces }) => workspaces.sameRepository(workspaceId));
}
