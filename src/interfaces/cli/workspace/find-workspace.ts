import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WorkspaceId } from '../../../domain/shared/id.js';
import { EXIT } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';
import { isId } from '../input/id.js';
import { PAGE } from '../list/read-pages.js';
import type { Client } from '../server/connect.js';

/** The id of the registered workspace that the user means by an id or a directory. */
export async function findWorkspace(client: Client, place: string): Promise<WorkspaceId> {
  if (isId('workspace', place)) return place;
  const path = withoutLinks(resolve(place));
  let cursor: WorkspaceId | undefined;
  do {
    const page = await client.workspace.list.query({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    const found = page.items.find((workspace) => workspace.path === path);
    if (found !== undefined) return found.id;
    cursor = page.nextCursor !== null && isId('workspace', page.nextCursor) ? page.nextCursor : undefined;
  } while (cursor !== undefined);
  throw new CliError(EXIT.notFound, `${path} is not a registered workspace; see: cw workspace list`);
}

/** Workspaces are kept without symbolic links. A directory that is gone may still be registered as it was. */
function withoutLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
