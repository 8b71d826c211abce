import { z } from 'zod';
import { isId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import {
  addWorkspace,
  type GitFacts,
  NO_GIT,
  restoreWorkspace,
  type Workspace,
} from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';
import type { NewId } from '../ports/ids.js';
import type { Stores } from '../ports/transaction.js';

export const AddWorkspace = z.strictObject({ path: z.string().min(1) });
export type AddWorkspace = z.infer<typeof AddWorkspace>;

/** Registers this very directory, also within a repository; one that is registered already stays as it is. */
export function createAddWorkspace({
  transaction,
  clock,
  newId,
  directories,
  repositories,
}: Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'directories' | 'repositories'>) {
  return async ({ path }: AddWorkspace): Promise<Workspace> => {
    const resolved = await directories.resolve(path);
    const git = (await repositories.find(resolved))?.git;
    return transaction((stores) => registerWorkspace(stores, resolved, newId, clock(), git));
  };
}

/**
 * The active workspace at this resolved path or with this id, registered now if a path is new or was removed. `git` is
 * what is known of a new one; without it, that is looked up after the registration.
 */
export async function registerWorkspace(
  { workspaces, events }: Stores,
  place: string,
  newId: NewId,
  now: Timestamp,
  git: GitFacts = NO_GIT,
): Promise<Workspace> {
  const known = isId('workspace', place) ? await workspaces.get(place) : await workspaces.findByPath(place);
  if (known?.status === 'active') return known;
  const { state, events: facts } =
    known === undefined
      ? addWorkspace({ id: newId('workspace'), path: place, name: nameOf(place) }, now, git)
      : restoreWorkspace(known, now);
  await (known === undefined ? workspaces.insert(state) : workspaces.save(state));
  await events.append(facts);
  return state;
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
