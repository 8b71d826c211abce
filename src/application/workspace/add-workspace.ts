import { z } from 'zod';
import { isId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { addWorkspace, restoreWorkspace, type Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';
import type { NewId } from '../ports/ids.js';
import type { Stores } from '../ports/transaction.js';

export const AddWorkspace = z.strictObject({ path: z.string().min(1) });
export type AddWorkspace = z.infer<typeof AddWorkspace>;

/** Registers a directory; one that is registered already stays as it is. */
export function createAddWorkspace({
  transaction,
  clock,
  newId,
  directories,
}: Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'directories'>) {
  return async ({ path }: AddWorkspace): Promise<Workspace> => {
    const resolved = await directories.resolve(path);
    return transaction((stores) => registerWorkspace(stores, resolved, newId, clock()));
  };
}

/** The active workspace at this resolved path or with this id, registered now if a path is new or was removed. */
export async function registerWorkspace(
  { workspaces, events }: Stores,
  place: string,
  newId: NewId,
  now: Timestamp,
): Promise<Workspace> {
  const known = isId('workspace', place) ? await workspaces.get(place) : await workspaces.findByPath(place);
  if (known?.status === 'active') return known;
  const { state, events: facts } =
    known === undefined
      ? addWorkspace({ id: newId('workspace'), path: place, name: nameOf(place) }, now)
      : restoreWorkspace(known, now);
  await (known === undefined ? workspaces.insert(state) : workspaces.save(state));
  await events.append(facts);
  return state;
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
