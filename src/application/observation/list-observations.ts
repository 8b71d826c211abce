import { z } from 'zod';
import { type KeptObservation, ObservationType } from '../../domain/observation/observation.js';
import { ObservationId, SessionId, WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';

/** Without types: all. */
export const ListObservations = z.strictObject({
  workspaceId: WorkspaceId.optional(),
  sessionId: SessionId.optional(),
  types: z.array(ObservationType).max(ObservationType.options.length).optional(),
  cursor: ObservationId.optional(),
  limit: PageSize,
});
export type ListObservations = z.infer<typeof ListObservations>;

/** What is remembered, newest first: of a workspace together with all of the same repository. */
export function createListObservations({ read }: Pick<Dependencies, 'read'>) {
  return ({ workspaceId, cursor, limit, ...filter }: ListObservations): Promise<Page<KeptObservation>> =>
    read(async ({ observations, workspaces }) => {
      const workspaceIds = workspaceId === undefined ? undefined : await workspaces.sameRepository(workspaceId);
      return toPage(await observations.list({ ...filter, workspaceIds, before: cursor, limit: limit + 1 }), limit);
    });
}
