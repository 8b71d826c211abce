import { z } from 'zod';
import { WorkspaceId } from '../../domain/shared/id.js';
import { scanWorkspace, Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';

export const ScanWorkspace = z.strictObject({ workspaceId: WorkspaceId });
export type ScanWorkspace = z.infer<typeof ScanWorkspace>;

/** A workspace with what git says now, and how many files it has; `complete` is false when there are more. */
export const WorkspaceScan = z.object({
  workspace: Workspace,
  files: z.int().nonnegative(),
  directories: z.int().nonnegative(),
  complete: z.boolean(),
});
export type WorkspaceScan = z.infer<typeof WorkspaceScan>;

type Needs = Pick<Dependencies, 'transaction' | 'read' | 'clock' | 'repositories' | 'workspaceFiles'> & {
  /** Aborted when the server begins to close. */
  readonly closing: AbortSignal;
};

/** Counts a workspace's files and asks git about it. */
export function createScanWorkspace(needs: Needs) {
  const inspectWorkspace = createInspectWorkspace(needs);
  return async ({ workspaceId }: ScanWorkspace): Promise<WorkspaceScan> => {
    const { path } = await needs.read(({ workspaces }) => workspaces.get(workspaceId));
    const [counted, workspace] = await Promise.all([
      needs.workspaceFiles.count(path, needs.closing),
      inspectWorkspace({ workspaceId }),
    ]);
    return { workspace, ...counted };
  };
}

/** Asks git about a workspace. */
export function createInspectWorkspace({
  transaction,
  read,
  clock,
  repositories,
  closing,
}: Omit<Needs, 'workspaceFiles'>) {
  return async ({ workspaceId }: ScanWorkspace): Promise<Workspace> => {
    const { path } = await read(({ workspaces }) => workspaces.get(workspaceId));
    const git = await repositories.inspect(path, closing);
    return transaction(async ({ workspaces, events }) => {
      const { state, events: facts } = scanWorkspace(await workspaces.get(workspaceId), git, clock());
      await workspaces.save(state);
      await events.append(facts);
      return state;
    });
  };
}
