import { z } from 'zod';
import { type Event, Position } from '../../domain/event/event.js';
import type { Session } from '../../domain/session/session.js';
import { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';

/** `after` is the position to go on from; without it only what comes from now on. Without a session: all. */
export const WatchSessions = z.strictObject({ sessionId: SessionId.optional(), after: Position.optional() });
export type WatchSessions = z.infer<typeof WatchSessions>;

/** A session as it is now and what changed it; both null after a gap, which means: read the sessions again. */
export interface SessionUpdate {
  position: Position;
  event: Event | null;
  session: Session | null;
}

/** Follows sessions: what is said in them, and how they start and end. Ends only by throwing the signal's reason. */
export function createWatchSessions(needs: Pick<Dependencies, 'read' | 'eventLog' | 'clock'>) {
  const load = (sessionId: SessionId) => needs.read(({ sessions }) => sessions.get(sessionId));
  return async function* watchSessions(
    { sessionId: wanted, after }: WatchSessions,
    signal: AbortSignal,
  ): AsyncGenerator<SessionUpdate, void> {
    const from = after ?? (await needs.eventLog.bounds()).end;
    for await (const followed of followLog(needs, from, signal)) {
      const { position } = followed;
      if (followed.type === 'reset') {
        yield { position, event: null, session: null };
        continue;
      }
      const { type, sessionId } = followed;
      if (sessionId === undefined || !type.startsWith('session.')) continue;
      if (wanted === undefined || wanted === sessionId) {
        yield { position, event: followed, session: await load(sessionId) };
      }
    }
  };
}
