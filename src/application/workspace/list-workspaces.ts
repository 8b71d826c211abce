import { z } from 'zod';
import { WorkspaceId } from '../../domain/shared/id.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';

export const GetWorkspace = z.strictObject({ workspaceId: WorkspaceId });
export type GetWorkspace = z.infer<typeof GetWorkspace>;

export function createGetWorkspace({ read }: Pick<Dependencies, 'read'>) {
  return ({ workspaceId }: GetWorkspace): Promise<Workspace> => read(({ workspaces }) => workspaces.get(workspaceId));
}

export const ListWorkspaces = z.strictObject({ cursor: WorkspaceId.optional(), limit: PageSize });
export type ListWorkspaces = z.infer<typeof ListWorkspaces>;

/** The registered workspaces, newest first. */
export function createListWorkspaces({ read }: Pick<Dependencies, 'read'>) {
  return ({ cursor, limit }: ListWorkspaces): Promise<Page<Workspace>> =>
    read(async ({ workspaces }) => toPage(await workspaces.list({ before: cursor, limit: limit + 1 }), limit));
}
