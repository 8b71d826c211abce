import { closeSession } from '../../domain/session/session-transitions.js';
import type { Dependencies } from '../dependencies.js';
import { changeIn } from './change-session.js';

/** A session of which nothing was heard for so long has ended without a word, in milliseconds: a night and a morning. */
const IDLE_MS = 16 * 3_600_000;
/** Sessions looked at in one transaction. */
const STEP = 100;

/** Closes sessions that users' agents have left open; those of tasks end with their tasks. Says how many. */
export function createCloseIdleSessions({ transaction, clock }: Pick<Dependencies, 'transaction' | 'clock'>) {
  return async (signal: AbortSignal): Promise<number> => {
    let closed = 0;
    for (let from = STEP; from === STEP && !signal.aborted; ) {
      from = await transaction(async (stores) => {
        const now = clock();
        const idle = await stores.sessions.idle(now - IDLE_MS, STEP);
        for (const session of idle) await changeIn(stores, session, closeSession, now);
        closed += idle.length;
        return idle.length;
      });
    }
    return closed;
  };
}
