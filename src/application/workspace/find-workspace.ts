import type { Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';
import { placeOf } from './workspace-place.js';

/** The workspace that what happens in a directory belongs to; undefined when it is not known, which changes nothing. */
export function createFindWorkspace(needs: Pick<Dependencies, 'read' | 'directories' | 'repositories'>) {
  return async ({ path }: { readonly path: string }): Promise<Workspace | undefined> => {
    const place = await placeOf(path, needs);
    return needs.read(({ workspaces }) => workspaces.findByPath(place.path));
  };
}
