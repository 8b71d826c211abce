import { z } from 'zod';
import { Position } from '../../domain/event/event.js';
import type { Observation } from '../../domain/observation/observation.js';
import { SessionId, WorkspaceId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';

/** `after` is the position to go on from; without it only what comes from now on. */
export const WatchObservations = z.strictObject({
  after: Position.optional(),
  sessionId: SessionId.optional(),
  workspaceId: WorkspaceId.optional(),
});
export type WatchObservations = z.infer<typeof WatchObservations>;

/** A new observation; null after a gap, which means: list them again. */
export interface ObservationCreated {
  position: Position;
  observation: Observation | null;
}

/** Follows what is remembered. Ends only by throwing the signal's reason. */
export function createWatchObservations(needs: Pick<Dependencies, 'read' | 'eventLog' | 'clock'>) {
  return async function* watchObservations(
    { after, sessionId, workspaceId }: WatchObservations,
    signal: AbortSignal,
  ): AsyncGenerator<ObservationCreated, void> {
    const from = after ?? (await needs.eventLog.bounds()).end;
    for await (const followed of followLog(needs, from, signal)) {
      const { position, type } = followed;
      if (type === 'reset') yield { position, observation: null };
      if (type !== 'observation.created' || followed.observationId === undefined) continue;
      if (sessionId !== undefined && followed.sessionId !== sessionId) continue;
      if (workspaceId !== undefined && followed.workspaceId !== workspaceId) continue;
      const { observationId } = followed;
      const [observation] = await needs.read(({ observations }) => observations.getMany([observationId]));
      // One that was pruned since then is no news.
      if (observation !== undefined) yield { position, observation };
    }
  };
}
