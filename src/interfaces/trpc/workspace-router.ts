import { pageOf } from '../../application/page.js';
import { AddWorkspace } from '../../application/workspace/add-workspace.js';
import { GetWorkspace, ListWorkspaces } from '../../application/workspace/list-workspaces.js';
import { RemoveWorkspace } from '../../application/workspace/remove-workspace.js';
import { Workspace } from '../../domain/workspace/workspace.js';
import { procedure, router } from './init.js';

export const workspaceRouter = router({
  get: procedure
    .input(GetWorkspace)
    .output(Workspace)
    .query(({ ctx, input }) => ctx.app.getWorkspace(input)),
  list: procedure
    .input(ListWorkspaces.prefault({}))
    .output(pageOf(Workspace))
    .query(({ ctx, input }) => ctx.app.listWorkspaces(input)),

  add: procedure
    .input(AddWorkspace)
    .output(Workspace)
    .mutation(({ ctx, input }) => ctx.app.addWorkspace(input)),
  remove: procedure
    .input(RemoveWorkspace)
    .output(Workspace)
    .mutation(({ ctx, input }) => ctx.app.removeWorkspace(input)),
});
