import type { BusyAgent, IdleAgent } from '../../domain/agent/agent.js';
import type { AgentLeft, RunningAgent } from '../ports/agent-runtime.js';
import type { Place } from './places.js';
import type { StartAgentNeeds } from './start-agent.js';

type Needs = Pick<StartAgentNeeds, 'profiles' | 'runtimes' | 'tokenFiles' | 'grants' | 'logger'>;

/** Takes an agent of an earlier server into its place; null when it cannot be taken over. */
export function createAttachAgent({ profiles, runtimes, tokenFiles, grants, logger }: Needs) {
  return async (
    { id: agentId, profile: name, protocol, runId }: BusyAgent | IdleAgent,
    place: Place,
    how: Pick<AgentLeft, 'mark' | 'attempt' | 'isIdle'>,
  ): Promise<RunningAgent | null> => {
    const runtime = runtimes[protocol];
    const known = await tokenFiles.read(agentId);
    if (runtime?.attach === undefined || known === null) return null;
    try {
      const profile = await profiles.get(name);
      const { signal } = place.abandon;
      const running = await runtime.attach({ agentId, profile, runId, tokenFile: known.path, signal, ...how });
      if (running === null) return null;
      place.canBeTakenOver = true;
      place.isFoundByAttempt = runtime.findsByAttempt === true;
      place.started = Promise.resolve(running);
      grants.restore(agentId, known.token);
      return running;
    } catch (error) {
      logger.warn('an agent could not be taken over', { agentId, error });
      return null;
    }
  };
}
