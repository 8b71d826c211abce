import type { Agent, BusyAgent, StopReceipt } from '../../domain/agent/agent.js';
import type { AgentEvent } from '../../domain/agent/agent-event.js';
import type { Protocol } from '../../domain/agent/agent-profile.js';
import {
  assign,
  becomeReady,
  beginStop,
  crash,
  release,
  spawnAgent,
  stopped,
} from '../../domain/agent/agent-transitions.js';
import type { Change } from '../../domain/shared/change.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { AgentId } from '../../domain/shared/id.js';
import { messageOf } from '../../domain/shared/thrown.js';
import { attemptName } from '../../domain/task/attempt.js';
import type { PendingTask, ProcessingTask } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { AgentFiles } from '../ports/agent-files.js';
import type { AgentRuntime, RunningAgent } from '../ports/agent-runtime.js';
import type { TokenFiles } from '../ports/agent-secrets.js';
import type { NewRunId } from '../ports/ids.js';
import type { Timer } from '../ports/timer.js';
import type { Slots } from '../task/claim-tasks.js';
import type { Grants } from './grants.js';
import { createPlaces, type Place } from './places.js';

const NOTHING_ENDED: StopReceipt = { ended: 0, left: 0 };

/** The agent of a task was stopped before it could begin. The task is no worse for it. */
export class AgentStopped extends Error {
  constructor(agentId: AgentId) {
    super(`${agentId} was stopped.`);
    this.name = 'AgentStopped';
  }
}

export type Runtimes = Readonly<Partial<Record<Protocol, AgentRuntime>>>;

/** An agent that can go on with the turn of an earlier server. */
export type ResumableAgent = RunningAgent & Required<Pick<RunningAgent, 'resume'>>;

export interface PoolCounts {
  readonly max: number;
  readonly starting: number;
  readonly idle: number;
  readonly busy: number;
  readonly stopping: number;
}

type Needs = Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'profiles' | 'settings' | 'logger'> & {
  readonly runtimes: Runtimes;
  readonly grants: Grants;
  readonly tokenFiles: TokenFiles;
  readonly agentFiles: AgentFiles;
  readonly newRunId: NewRunId;
  readonly timer: Timer;
  readonly owner: string;
};

/** Keeps up to `pool.max` agents, gives them out to tasks, and retires those that idle. */
export interface AgentPool extends Slots {
  /** The agent that `reserve` promised to this task, started. Throws AgentStopped, or what keeps it from starting. */
  acquire(task: ProcessingTask): Promise<RunningAgent>;
  /** Takes over an agent that a dead server left at this task; null when it cannot be. */
  adopt(agent: BusyAgent, task: ProcessingTask, mark: string | null): Promise<ResumableAgent | null>;
  /** Takes an agent back from its task. */
  release(agentId: AgentId): Promise<void>;
  /** Ends an agent and all it started. Resolves with undefined when the pool does not have it. */
  stop(agentId: AgentId): Promise<StopReceipt | undefined>;
  /** Ends every agent, and gives out none from now on. */
  close(): Promise<void>;
  counts(): PoolCounts;
  /** Calls back whenever a place may have become free. */
  onFree(listener: () => void): void;
}

export function createAgentPool(needs: Needs): AgentPool {
  const { transaction, clock, newId, newRunId, profiles, runtimes, grants, tokenFiles, timer, logger, owner } = needs;
  const { agentFiles } = needs;
  const { min, max, idleTimeoutMs } = needs.settings.pool;
  const places = createPlaces(needs.settings.pool);
  const stopping = new Map<AgentId, Promise<StopReceipt>>();
  let announceFree = () => {};
  let closed = false;

  /** Decides on the agent as it is stored and saves what came of it. */
  const move = (agentId: AgentId, decide: (agent: Agent) => Change<Agent, AgentEvent>) =>
    transaction(async ({ agents, events }) => {
      const { state, events: facts } = decide(await agents.get(agentId));
      await agents.save(state);
      await events.append(facts);
    });

  async function startAgent(place: Place): Promise<RunningAgent> {
    const { agentId } = place;
    await place.vacated;
    const profile = await profiles.get(place.profile);
    const { protocol } = profile;
    const runtime = runtimes[protocol];
    if (runtime === undefined) {
      throw new DomainError('unavailable', `Agents of protocol ${protocol} cannot be run by this version.`);
    }
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
      await move(agentId, (agent) => becomeReady(agent, clock()));
      return running;
    } catch (error) {
      const receipt = (await running?.stop()) ?? NOTHING_ENDED;
      await clearUp(agentId);
      await move(agentId, (agent) => crash(agent, messageOf(error), receipt, clock()));
      throw error;
    }
  }

  /** Files that stay are no harm: the token reaches nothing, and the next start removes them. */
  async function clearUp(agentId: AgentId): Promise<void> {
    grants.revoke(agentId);
    await Promise.all([tokenFiles.remove(agentId), agentFiles.remove(agentId)]).catch((error: unknown) => {
      logger.warn('the files of an agent could not be removed', { agentId, error });
    });
  }

  async function stopPlace(place: Place): Promise<StopReceipt> {
    place.state = 'stopping';
    place.callOffRetirement();
    place.abandon.abort(new AgentStopped(place.agentId));
    // A start that fails is reported to the task that asked for it, and leaves nothing to stop.
    const running = await place.started?.catch(() => undefined);
    if (running === undefined) return NOTHING_ENDED;
    // Not one after the other: on a full disk the word that it ends would wait, and the agent go on.
    const announced = move(place.agentId, beginStop);
    announced.catch(() => undefined);
    const receipt = await running.stop().finally(() => clearUp(place.agentId));
    await announced;
    await move(place.agentId, (agent) => stopped(agent, receipt, clock()));
    return receipt;
  }

  function stopOnce(place: Place): Promise<StopReceipt> {
    const { agentId } = place;
    const known = stopping.get(agentId);
    if (known !== undefined) return known;
    const stopped = stopPlace(place).finally(() => {
      places.remove(agentId);
      stopping.delete(agentId);
      announceFree();
    });
    stopping.set(agentId, stopped);
    return stopped;
  }

  function becomeIdle(place: Place): void {
    place.state = 'idle';
    place.workspaceId = null;
    retireLater(place);
  }

  function retireLater(place: Place): void {
    place.callOffRetirement = timer(idleTimeoutMs, () => {
      if (places.count('idle') <= min) return;
      stopOnce(place).catch((error: unknown) => {
        logger.error('could not retire an idle agent', { agentId: place.agentId, error });
      });
    });
  }

  /** An idle agent of another profile gives its place up; its successor waits until it is gone. */
  function evictIdle(): Promise<unknown> | undefined {
    const place = places.idle();
    if (place === undefined) return undefined;
    const gone = stopOnce(place);
    places.remove(place.agentId);
    return gone;
  }

  return {
    free: () => (closed ? 0 : places.free()),
    fullWorkspaces: () => places.fullWorkspaces(),

    reserve({ agent: profile, workspaceId }: PendingTask) {
      if (places.isFull(workspaceId)) return undefined;
      const idle = places.idle(profile);
      if (idle !== undefined) {
        idle.callOffRetirement();
        idle.state = 'busy';
        idle.workspaceId = workspaceId;
        return idle.agentId;
      }
      const vacated = places.hasRoom() ? Promise.resolve() : evictIdle();
      if (vacated === undefined) return undefined;
      return places.add({ agentId: newId('agent'), profile, workspaceId, vacated }).agentId;
    },

    cancel(agentId) {
      const place = places.get(agentId);
      if (place === undefined) return;
      if (place.started === null) places.remove(agentId);
      else becomeIdle(place);
      announceFree();
    },

    async acquire(task) {
      const { agentId, id: taskId } = task;
      const place = places.get(agentId);
      if (place === undefined) throw new AgentStopped(agentId);
      place.started ??= startAgent(place);
      try {
        const running = await place.started.catch((error: unknown) => {
          if (places.remove(agentId)) announceFree();
          throw error;
        });
        await move(agentId, (agent) => assign(agent, taskId, clock()));
        if (place.state === 'starting') place.state = 'busy';
        grants.begin(agentId, task);
        return running;
      } catch (error) {
        throw place.abandon.signal.aborted ? new AgentStopped(agentId) : error;
      }
    },

    async adopt({ id: agentId, profile: name, protocol, runId }, task, mark) {
      const runtime = runtimes[protocol];
      const known = await tokenFiles.read(agentId);
      if (runtime?.attach === undefined || known === null) return null;
      const profile = await profiles.get(name);
      const place = places.add({ agentId, profile: name, workspaceId: task.workspaceId, vacated: Promise.resolve() });
      const { signal } = place.abandon;
      const running = await runtime
        .attach({
          agentId,
          profile,
          runId,
          tokenFile: known.path,
          signal,
          mark,
          attempt: attemptName(task.id, task.epoch),
        })
        .catch(giveUp);
      if (running === null || !isResumable(running)) {
        await running?.stop();
        places.remove(agentId);
        return null;
      }
      place.state = 'busy';
      place.started = Promise.resolve(running);
      grants.restore(agentId, known.token);
      grants.begin(agentId, task);
      return running;

      function giveUp(error: unknown): null {
        logger.warn('an agent could not be taken over', { agentId, error });
        return null;
      }
    },

    async release(agentId) {
      grants.end(agentId);
      const place = places.get(agentId);
      if (place?.state !== 'busy') return;
      await move(agentId, (agent) => release(agent, clock()));
      if (stopping.has(agentId)) return;
      becomeIdle(place);
      announceFree();
    },

    async stop(agentId) {
      const place = places.get(agentId);
      return place === undefined ? stopping.get(agentId) : stopOnce(place);
    },

    async close() {
      closed = true;
      for (const place of places.all()) void stopOnce(place);
      const ends = await Promise.allSettled(stopping.values());
      for (const end of ends.filter(({ status }) => status === 'rejected')) {
        logger.warn('the end of an agent was not written down', end);
      }
    },

    counts: () => ({
      max,
      starting: places.count('starting'),
      idle: places.count('idle'),
      busy: places.count('busy'),
      stopping: stopping.size,
    }),

    onFree(listener) {
      announceFree = listener;
    },
  };
}

function isResumable(agent: RunningAgent): agent is ResumableAgent {
  return agent.resume !== undefined;
}
