import type { Protocol } from '../../domain/agent/agent-profile.js';
import { becomeReady, crash, spawnAgent } from '../../domain/agent/agent-transitions.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { AgentId } from '../../domain/shared/id.js';
import { messageOf } from '../../domain/shared/thrown.js';
import type { Dependencies } from '../dependencies.js';
import type { AgentFiles } from '../ports/agent-files.js';
import type { AgentRuntime, RunningAgent } from '../ports/agent-runtime.js';
import type { TokenFiles } from '../ports/agent-secrets.js';
import type { NewRunId } from '../ports/ids.js';
import type { Grants } from './grants.js';
import type { Place } from './places.js';

export type Runtimes = Readonly<Partial<Record<Protocol, AgentRuntime>>>;

export interface StartAgentNeeds extends Pick<Dependencies, 'transaction' | 'clock' | 'profiles' | 'logger'> {
  readonly runtimes: Runtimes;
  readonly grants: Grants;
  readonly tokenFiles: TokenFiles;
  readonly agentFiles: AgentFiles;
  readonly newRunId: NewRunId;
  readonly owner: string;
}

/** Starts agents in their places, and clears up after them. */
export function createStartAgent(needs: StartAgentNeeds) {
  const { transaction, clock, newRunId, profiles, runtimes, grants, tokenFiles, agentFiles, logger, owner } = needs;

  /** Files that stay are no harm: the token reaches nothing, and the next start removes them. */
  async function clearUp(agentId: AgentId): Promise<void> {
    grants.revoke(agentId);
    await Promise.all([tokenFiles.remove(agentId), agentFiles.remove(agentId)]).catch((error: unknown) => {
      logger.warn('the files of an agent could not be removed', { agentId, error });
    });
  }

  /** Starts the agent of this place; its row and run id are committed before a process exists. */
  async function startAgent(place: Place): Promise<RunningAgent> {
    const { agentId } = place;
    await place.vacated;
    const profile = await profiles.get(place.profile);
    const { protocol } = profile;
    const runtime = runtimes[protocol];
    if (runtime === undefined) {
      throw new DomainError('unavailable', `Agents of protocol ${protocol} cannot be run by this version.`);
    }
    place.canBeTakenOver = runtime.attach !== undefined;
    place.isFoundByAttempt = runtime.findsByAttempt === true;
    const runId = newRunId();
    await transaction(async ({ agents, events }) => {
      const spawned = spawnAgent({ id: agentId, profile: profile.name, protocol, runId, owner }, clock());
      await agents.insert(spawned.state);
      await events.append(spawned.events);
    });
    let running: RunningAgent | undefined;
    try {
      const tokenFile = await tokenFiles.write(agentId, grants.issue(agentId));
      running = await runtime.start({ agentId, profile, runId, tokenFile, signal: place.abandon.signal });
      await transaction(async ({ agents, events }) => {
        const ready = becomeReady(await agents.get(agentId), clock());
        await agents.save(ready.state);
        await events.append(ready.events);
      });
      return running;
    } catch (error) {
      const receipt = (await running?.stop()) ?? { ended: 0, left: 0 };
      await clearUp(agentId);
      await transaction(async ({ agents, events }) => {
        const crashed = crash(await agents.get(agentId), messageOf(error), receipt, clock());
        await agents.save(crashed.state);
        await events.append(crashed.events);
      });
      throw error;
    }
  }

  return { startAgent, clearUp };
}
