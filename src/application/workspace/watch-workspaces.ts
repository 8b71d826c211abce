import { z } from 'zod';
import { type Event, Position } from '../../domain/event/event.js';
import { WorkspaceId } from '../../domain/shared/id.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';

/** `after` is the position to go on from; without it only what comes from now on. Without an id: all workspaces. */
export const WatchWorkspaces = z.strictObject({ workspaceId: WorkspaceId.optional(), after: Position.optional() });
export type WatchWorkspaces = z.infer<typeof WatchWorkspaces>;

/** A workspace as it is now and what changed it; both null after a gap, which means: read it again. */
export interface WorkspaceUpdate {
  position: Position;
  event: Event | null;
  workspace: Workspace | null;
}

/** Follows workspaces: added, removed, files changed. Ends only by throwing the signal's reason. */
export function createWatchWorkspaces(needs: Pick<Dependencies, 'read' | 'eventLog' | 'clock'>) {
  const load = (id: WorkspaceId) => needs.read(({ workspaces }) => workspaces.get(id));
  return async function* watchWorkspaces(
    { workspaceId, after }: WatchWorkspaces,
    signal: AbortSignal,
  ): AsyncGenerator<WorkspaceUpdate, void> {
    if (workspaceId !== undefined) await load(workspaceId);
    const from = after ?? (await needs.eventLog.bounds()).end;
    for await (const followed of followLog(needs, from, signal)) {
      const { position } = followed;
      if (followed.type === 'reset') yield { position, event: null, workspace: null };
      else if (followed.type.startsWith('workspace.') && followed.workspaceId !== undefined) {
        const isMeant = workspaceId === undefined || workspaceId === followed.workspaceId;
        if (isMeant) yield { position, event: followed, workspace: await load(followed.workspaceId) };
      }
    }
  };
}
