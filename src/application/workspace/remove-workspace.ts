import { z } from 'zod';
import { WorkspaceId } from '../../domain/shared/id.js';
import { removeWorkspace, type Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';

export const RemoveWorkspace = z.strictObject({ workspaceId: WorkspaceId });
export type RemoveWorkspace = z.infer<typeof RemoveWorkspace>;

/** Takes a workspace off the list. Its tasks and history stay; nothing on disk is touched. */
export function createRemoveWorkspace({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return ({ workspaceId }: RemoveWorkspace): Promise<Workspace> =>
    transaction(async ({ workspaces, events }) => {
      const { state, events: facts } = removeWorkspace(await workspaces.get(workspaceId), clock());
      await workspaces.save(state);
      await events.append(facts);
      return state;
    });
}
