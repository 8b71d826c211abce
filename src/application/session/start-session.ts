import { z } from 'zod';
import type { Session } from '../../domain/session/session.js';
import { closeSession, resumeSession } from '../../domain/session/session-transitions.js';
import type { Dependencies } from '../dependencies.js';
import type { Capture } from './capture.js';
import type { OpeningConversations } from './opening-conversations.js';
import { SessionOrigin, sessionOf } from './session-origin.js';

/**
 * `continues`: the conversation only goes on, as after a compaction. Otherwise one that is still open has ended without
 * a word, and begins anew.
 */
export const StartSession = SessionOrigin.extend({ continues: z.boolean().default(false) });
export type StartSession = z.infer<typeof StartSession>;

/**
 * Opens a session, or takes it up again; one that an agent of ours is opening in this run is its task's. Null when it is
 * none that may be remembered.
 */
export function createStartSession({
  capture,
  opening,
  transaction,
  clock,
  newId,
}: Pick<Dependencies, 'transaction' | 'clock' | 'newId'> & {
  readonly capture: Capture;
  readonly opening: Pick<OpeningConversations, 'of'>;
}) {
  return async ({ continues, ...origin }: StartSession, runId: string | null = null): Promise<Session | null> => {
    if (!capture.takes(origin)) return null;
    const located = await capture.locate(origin);
    return transaction(async (stores) => {
      const now = clock();
      const before = await stores.sessions.findByProvider(origin.source, origin.providerSessionId);
      const own = before === undefined && runId !== null ? await opening.of(stores, runId) : undefined;
      if (own !== undefined) {
        const { source, providerSessionId, cwd } = origin;
        const joined = withDetails({ ...(await stores.sessions.get(own)), source, providerSessionId, cwd }, origin);
        await stores.sessions.save(joined);
        return joined;
      }
      const found = withDetails(before ?? (await sessionOf(stores, located, newId, now)), origin);
      // Who was paused on purpose stays so until the user says otherwise.
      if (before === undefined || found.status === 'paused' || (continues && found.status === 'active')) {
        await stores.sessions.save(found);
        return found;
      }
      const ended = found.status === 'active' ? closeSession(found, now) : { state: found, events: [] };
      const { state, events } = resumeSession(ended.state, now);
      await stores.sessions.save(state);
      if (ended.events.length > 0) await stores.dueSummaries.mark(state.id);
      await stores.events.append([...ended.events, ...events]);
      return state;
    });
  };
}

/** Where its transcript is and which program runs it may be new with every start. */
function withDetails(session: Session, { transcriptPath, agentVersion }: SessionOrigin): Session {
  return {
    ...session,
    transcriptPath: transcriptPath ?? session.transcriptPath,
    agentVersion: agentVersion ?? session.agentVersion,
  };
}
