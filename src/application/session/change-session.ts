import { z } from 'zod';
import type { Session } from '../../domain/session/session.js';
import {
  closeSession,
  pauseSession,
  resumeSession,
  type SessionEvent,
} from '../../domain/session/session-transitions.js';
import type { Change } from '../../domain/shared/change.js';
import { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { unparkIn } from '../task/park-task.js';
import type { SessionOrigin } from './session-origin.js';

export const ChangeSession = z.strictObject({ sessionId: SessionId });
export type ChangeSession = z.infer<typeof ChangeSession>;

type Needs = Pick<Dependencies, 'transaction' | 'clock'>;
type Transition = (session: Session, now: Timestamp) => Change<Session, SessionEvent>;

/** While a session is paused nothing of it is remembered. */
export const createPauseSession = (needs: Needs) => changeBy(needs, pauseSession);

/** Goes on with a session that is paused or has ended. */
export function createResumeSession({ transaction, clock }: Needs) {
  return ({ sessionId }: ChangeSession): Promise<Session> =>
    transaction(async (stores) => {
      const session = await stores.sessions.get(sessionId);
      const now = clock();
      // What was said in the pause stays unheard, whoever has written it down.
      if (session.status === 'paused') await stores.transcripts.skipUntil(sessionId, now);
      // A task that waits for it, and what an agent of it asked meanwhile, go on.
      if (session.taskId !== null) await unparkIn(stores, session.taskId, now);
      return changeIn(stores, session, resumeSession, now);
    });
}

/** Ends a session; a later prompt takes it up again. */
export const createCloseSession = (needs: Needs) => changeBy(needs, closeSession);

function changeBy({ transaction, clock }: Needs, transition: Transition) {
  return ({ sessionId }: ChangeSession): Promise<Session> =>
    transaction(async (stores) => changeIn(stores, await stores.sessions.get(sessionId), transition, clock()));
}

/** Saves what a transition makes of a session. */
export async function changeIn(
  { sessions, dueSummaries, events }: Stores,
  session: Session,
  transition: Transition,
  now: Timestamp,
): Promise<Session> {
  const { state, events: facts } = transition(session, now);
  await sessions.save(state);
  if (state.endedAt !== null) await dueSummaries.mark(state.id);
  await events.append(facts);
  return state;
}

/** The session as its agent knows it. */
export type EndSession = Pick<SessionOrigin, 'source' | 'providerSessionId'>;

/** An agent says that its session is over. One that is paused stays so. Null for one that nothing is known of. */
export function createEndSession({ transaction, clock }: Needs) {
  return ({ source, providerSessionId }: EndSession): Promise<Session | null> =>
    transaction(async (stores) => {
      const session = await stores.sessions.findByProvider(source, providerSessionId);
      if (session === undefined) return null;
      return session.status === 'active' ? changeIn(stores, session, closeSession, clock()) : session;
    });
}
