import { z } from 'zod';
import type { Agent } from '../../domain/agent/agent.js';
import { type Event, Position } from '../../domain/event/event.js';
import type { AgentId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { followLog } from '../event/follow-log.js';

/** `after` is the position to go on from; without it only what comes from now on. */
export const WatchAgents = z.strictObject({ after: Position.optional() });
export type WatchAgents = z.infer<typeof WatchAgents>;

/** An agent as it is now and what changed it; both null after a gap, which means: list the agents again. */
export interface AgentUpdate {
  position: Position;
  event: Event | null;
  agent: Agent | null;
}

/** Follows all agents. Ends only by throwing the signal's reason. */
export function createWatchAgents(needs: Pick<Dependencies, 'read' | 'eventLog' | 'clock'>) {
  const load = (agentId: AgentId) => needs.read(({ agents }) => agents.get(agentId));
  return async function* watchAgents({ after }: WatchAgents, signal: AbortSignal): AsyncGenerator<AgentUpdate, void> {
    const from = after ?? (await needs.eventLog.bounds()).end;
    for await (const followed of followLog(needs, from, signal)) {
      const { position } = followed;
      if (followed.type === 'reset') yield { position, event: null, agent: null };
      else if (followed.agentId !== undefined) yield { position, event: followed, agent: await load(followed.agentId) };
    }
  };
}
