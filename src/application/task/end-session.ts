import type { Session } from '../../domain/session/session.js';
import type { SessionEvent } from '../../domain/session/session-transitions.js';
import type { Change } from '../../domain/shared/change.js';
import type { Task } from '../../domain/task/task.js';
import type { Stores } from '../ports/transaction.js';

/** Ends a finished task's own conversation, unless it has ended already. */
export async function endSession(
  { sessions, dueSummaries, events }: Stores,
  { sessionId }: Task,
  end: (session: Session) => Change<Session, SessionEvent>,
): Promise<void> {
  if (sessionId === null) return;
  const session = await sessions.get(sessionId);
  if (session.endedAt !== null) return;
  const { state, events: facts } = end(session);
  await sessions.save(state);
  await dueSummaries.mark(state.id);
  await events.append(facts);
}
