import type { AgentId, SessionId } from '../../domain/shared/id.js';
import type { Stores } from '../ports/transaction.js';

/**
 * The conversations that agents of ours are about to open. Until an agent has told us its own id of one, its hooks may
 * be faster to tell of it: then it is known by the run that the hook was started in.
 */
export interface OpeningConversations {
  /** An agent is about to open a conversation; the function that comes back says that it has, or that it will not. */
  begin(agentId: AgentId, sessionId: SessionId): () => void;
  /** Whose conversation is opened in this run (CW_RUN_ID) now; undefined when none is. */
  of(stores: Pick<Stores, 'agents'>, runId: string): Promise<SessionId | undefined>;
}

export function createOpeningConversations(): OpeningConversations {
  const opening = new Map<AgentId, SessionId>();
  return {
    begin(agentId, sessionId) {
      opening.set(agentId, sessionId);
      return () => {
        if (opening.get(agentId) === sessionId) opening.delete(agentId);
      };
    },
    async of({ agents }, runId) {
      // There are no more of them than the pool has agents, and hardly ever more than one.
      for (const [agentId, sessionId] of [...opening]) {
        if ((await agents.get(agentId)).runId === runId) return sessionId;
      }
      return undefined;
    },
  };
}
