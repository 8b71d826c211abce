import { pageOf } from '../../application/page.js';
import { WorkspaceFile } from '../../application/ports/workspace-files.js';
import { AddWorkspace } from '../../application/workspace/add-workspace.js';
import { ListFiles } from '../../application/workspace/list-files.js';
import { GetWorkspace, ListWorkspaces } from '../../application/workspace/list-workspaces.js';
import { RemoveWorkspace } from '../../application/workspace/remove-workspace.js';
import { ScanWorkspace, WorkspaceScan } from '../../application/workspace/scan-workspace.js';
import { WatchWorkspaces } from '../../application/workspace/watch-workspaces.js';
import { Workspace } from '../../domain/workspace/workspace.js';
import { procedure, router } from './init.js';
import { FromPosition, positionOf, resumable } from './resume.js';

export const workspaceRouter = router({
  get: procedure
    .input(GetWorkspace)
    .output(Workspace)
    .query(({ ctx, input }) => ctx.app.getWorkspace(input)),
  list: procedure
    .input(ListWorkspaces.prefault({}))
    .output(pageOf(Workspace))
    .query(({ ctx, input }) => ctx.app.listWorkspaces(input)),
  /** The files that are there now, in the order of their paths. */
  files: procedure
    .input(ListFiles)
    .output(pageOf(WorkspaceFile))
    .query(({ ctx, input }) => ctx.app.listFiles(input)),

  add: procedure
    .input(AddWorkspace)
    .output(Workspace)
    .mutation(({ ctx, input }) => ctx.app.addWorkspace(input)),
  remove: procedure
    .input(RemoveWorkspace)
    .output(Workspace)
    .mutation(({ ctx, input }) => ctx.app.removeWorkspace(input)),
  /** Counts the files and asks git. */
  scan: procedure
    .input(ScanWorkspace)
    .output(WorkspaceScan)
    .mutation(({ ctx, input }) => ctx.app.scanWorkspace(input)),

  /** Every change of one workspace, or of all. */
  onChange: procedure
    .input(WatchWorkspaces.extend(FromPosition).prefault({}))
    .subscription(({ ctx, input: { lastEventId, ...input }, signal }) =>
      resumable(ctx, signal, positionOf, (until) =>
        ctx.app.watchWorkspaces({ ...input, after: lastEventId ?? input.after }, until),
      ),
    ),
});
