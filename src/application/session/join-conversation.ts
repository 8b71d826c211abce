import type { Session } from '../../domain/session/session.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import type { AgentUpdate } from '../ports/agent-update.js';

export type JoinedConversation = Omit<Extract<AgentUpdate, { type: 'session' }>, 'type' | 'resumed'>;

/**
 * Notes which agent holds a session of ours and under which id it knows it, before anything is said in it. When a hook was faster and
 * opened a session under that id, ours takes the id from it: nothing was said in that one.
 */
export function createJoinConversation({ transaction }: Pick<Dependencies, 'transaction'>) {
  return (
    sessionId: SessionId,
    agent: string,
    { source, providerSessionId, cwd, agentVersion }: JoinedConversation,
  ): Promise<Session> =>
    transaction(async ({ sessions }) => {
      const session = await sessions.get(sessionId);
      const other = await sessions.findByProvider(source, providerSessionId);
      if (other !== undefined && other.id !== sessionId) await sessions.save({ ...other, providerSessionId: null });
      const transcriptPath = session.transcriptPath ?? other?.transcriptPath ?? null;
      const joined = { ...session, agent, source, providerSessionId, cwd, transcriptPath, agentVersion };
      await sessions.save(joined);
      return joined;
    });
}
