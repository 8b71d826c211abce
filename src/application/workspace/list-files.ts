import { z } from 'zod';
import { WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { PageSize } from '../page.js';
import type { FilesPage } from '../ports/workspace-files.js';

/** Longest path that any system has, in characters. */
const MAX_PATH_LENGTH = 4_096;
const MAX_MATCH_LENGTH = 256;

/** `match` is a part of the path, in which `*` stands for any run of characters. */
export const ListFiles = z.strictObject({
  workspaceId: WorkspaceId,
  match: z
    .string()
    .min(1)
    .max(MAX_MATCH_LENGTH, `The filter has at most ${String(MAX_MATCH_LENGTH)} characters.`)
    .optional(),
  cursor: z.string().max(MAX_PATH_LENGTH).optional(),
  limit: PageSize,
});
export type ListFiles = z.infer<typeof ListFiles>;

/** The files that a workspace has now, in the order of their paths, without what its ignore rules leave out. */
export function createListFiles({
  read,
  workspaceFiles,
  closing,
}: Pick<Dependencies, 'read' | 'workspaceFiles'> & { readonly closing: AbortSignal }) {
  return async ({ workspaceId, match, cursor, limit }: ListFiles): Promise<FilesPage> => {
    const { path } = await read(({ workspaces }) => workspaces.get(workspaceId));
    return workspaceFiles.list({ root: path, after: cursor ?? null, match: match ?? null, limit }, closing);
  };
}
