import type { Agent, StopReceipt } from '../../domain/agent/agent.js';
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
import type { AgentId, WorkspaceId } from '../../domain/shared/id.js';
import type { PendingTask, ProcessingTask } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { AgentRuntime, RunningAgent } from '../ports/agent-runtime.js';
import type { NewRunId } from '../ports/ids.js';
import type { Timer } from '../ports/timer.js';
import type { Slots } from '../task/claim-tasks.js';

/** A place in the pool and the agent in it. An agent that is being stopped keeps its place until it is gone. */
interface Place {
  readonly agentId: AgentId;
  readonly profile: string;
  state: 'starting' | 'idle' | 'busy' | 'stopping';
  workspaceId: WorkspaceId | null;
  /** The agent, once somebody has asked for it. */
  started: Promise<RunningAgent> | null;
  /** Ends the place's previous agent, for which there is no room beside it. */
  readonly vacated: Promise<unknown>;
  readonly abandon: AbortController;
  callOffRetirement: () => void;
}

const NOTHING_ENDED: StopReceipt = { ended: 0, left: 0 };

export type Runtimes = Readonly<Partial<Record<Protocol, AgentRuntime>>>;

export interface PoolCounts {
  readonly max: number;
  readonly starting: number;
  readonly idle: number;
  readonly busy: number;
  readonly stopping: number;
}

type Needs = Pick<Dependencies, 'transaction' | 'clock' | 'newId' | 'profiles' | 'settings' | 'logger'> & {
  readonly runtimes: Runtimes;
  readonly newRunId: NewRunId;
  readonly timer: Timer;
  readonly owner: string;
};

/** Keeps up to `pool.max` agents, gives them out to tasks, and retires those that idle. */
export interface AgentPool extends Slots {
  /** The agent that `reserve` promised to this task, started. Throws what keeps it from starting. */
  acquire(task: ProcessingTask): Promise<RunningAgent>;
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
  const { transaction, clock, newId, newRunId, profiles, runtimes, timer, logger, owner } = needs;
  const { min, max, idleTimeoutMs, maxPerWorkspace } = needs.settings.pool;
  const places = new Map<AgentId, Place>();
  const stopping = new Map<AgentId, Promise<StopReceipt>>();
  let announceFree = () => {};
  let closed = false;

  const count = (state: Place['state']) => {
    let n = 0;
    for (const place of places.values()) if (place.state === state) n += 1;
    return n;
  };

  const inWorkspace = (workspaceId: WorkspaceId) => {
    let n = 0;
    for (const place of places.values()) if (place.workspaceId === workspaceId) n += 1;
    return n;
  };

  /** Decides on the agent as it is stored and saves what came of it. */
  const move = (agentId: AgentId, decide: (agent: Agent) => Change<Agent, AgentEvent>) =>
    transaction(async ({ agents, events }) => {
      const { state, events: facts } = decide(await agents.get(agentId));
      await agents.save(state);
      await events.append(facts);
    });

  function addPlace(profile: string, workspaceId: WorkspaceId | null, vacated: Promise<unknown>): Place {
    const agentId = newId('agent');
    const abandon = new AbortController();
    const place: Place = {
      agentId,
      profile,
      state: 'starting',
      workspaceId,
      started: null,
      vacated,
      abandon,
      callOffRetirement: () => {},
    };
    places.set(agentId, place);
    return place;
  }

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
      running = await runtime.start({ profile, runId, signal: place.abandon.signal });
      await move(agentId, (agent) => becomeReady(agent, clock()));
      return running;
    } catch (error) {
      const receipt = (await running?.stop()) ?? NOTHING_ENDED;
      await move(agentId, (agent) => crash(agent, messageOf(error), receipt, clock()));
      throw error;
    }
  }

  async function stopPlace(place: Place): Promise<StopReceipt> {
    place.state = 'stopping';
    place.callOffRetirement();
    place.abandon.abort(new DomainError('unavailable', `${place.agentId} was stopped.`));
    // A start that fails is reported to the task that asked for it, and leaves nothing to stop.
    const running = await place.started?.catch(() => undefined);
    if (running === undefined) return NOTHING_ENDED;
    // Not one after the other: on a full disk the word that it ends would wait, and the agent go on.
    const announced = move(place.agentId, beginStop);
    announced.catch(() => undefined);
    const receipt = await running.stop();
    await announced;
    await move(place.agentId, (agent) => stopped(agent, receipt, clock()));
    return receipt;
  }

  function stopOnce(place: Place): Promise<StopReceipt> {
    const { agentId } = place;
    const known = stopping.get(agentId);
    if (known !== undefined) return known;
    const stopped = stopPlace(place).finally(() => {
      places.delete(agentId);
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
      if (count('idle') <= min) return;
      stopOnce(place).catch((error: unknown) => {
        logger.error('could not retire an idle agent', { agentId: place.agentId, error });
      });
    });
  }

  /** An idle agent of another profile gives its place up; its successor waits until it is gone. */
  function evictIdle(): Promise<unknown> | undefined {
    for (const place of places.values()) {
      if (place.state !== 'idle') continue;
      const gone = stopOnce(place);
      places.delete(place.agentId);
      return gone;
    }
    return undefined;
  }

  function idleOf(profile: string): Place | undefined {
    for (const place of places.values()) if (place.state === 'idle' && place.profile === profile) return place;
    return undefined;
  }

  return {
    free: () => (closed ? 0 : Math.max(0, max - places.size + count('idle'))),

    fullWorkspaces() {
      const used = new Set<WorkspaceId>();
      for (const { workspaceId } of places.values()) if (workspaceId !== null) used.add(workspaceId);
      return [...used].filter((workspaceId) => inWorkspace(workspaceId) >= maxPerWorkspace);
    },

    reserve({ agent: profile, workspaceId }: PendingTask) {
      if (inWorkspace(workspaceId) >= maxPerWorkspace) return undefined;
      const idle = idleOf(profile);
      if (idle !== undefined) {
        idle.callOffRetirement();
        idle.state = 'busy';
        idle.workspaceId = workspaceId;
        return idle.agentId;
      }
      const vacated = places.size < max ? Promise.resolve() : evictIdle();
      return vacated === undefined ? undefined : addPlace(profile, workspaceId, vacated).agentId;
    },

    cancel(agentId) {
      const place = places.get(agentId);
      if (place === undefined) return;
      if (place.started === null) places.delete(agentId);
      else becomeIdle(place);
      announceFree();
    },

    async acquire({ agentId, id: taskId }) {
      const place = places.get(agentId);
      if (place === undefined) throw new DomainError('unavailable', `${agentId} was stopped before it began.`);
      place.started ??= startAgent(place);
      const running = await place.started.catch((error: unknown) => {
        if (places.delete(agentId)) announceFree();
        throw error;
      });
      await move(agentId, (agent) => assign(agent, taskId, clock()));
      if (place.state === 'starting') place.state = 'busy';
      return running;
    },

    async release(agentId) {
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
      for (const place of places.values()) void stopOnce(place);
      const ends = await Promise.allSettled(stopping.values());
      for (const end of ends.filter(({ status }) => status === 'rejected')) {
        logger.warn('the end of an agent was not written down', end);
      }
    },

    counts: () => ({
      max,
      starting: count('starting'),
      idle: count('idle'),
      busy: count('busy'),
      stopping: stopping.size,
    }),

    onFree(listener) {
      announceFree = listener;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
