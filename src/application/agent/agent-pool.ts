import type { Agent, BusyAgent, IdleAgent, StopReceipt } from '../../domain/agent/agent.js';
import type { AgentEvent } from '../../domain/agent/agent-event.js';
import { assign, beginStop, release, stopped } from '../../domain/agent/agent-transitions.js';
import type { Change } from '../../domain/shared/change.js';
import type { AgentId } from '../../domain/shared/id.js';
import { attemptName } from '../../domain/task/attempt.js';
import type { PendingTask, ProcessingTask } from '../../domain/task/task.js';
import type { Dependencies } from '../dependencies.js';
import type { RunningAgent } from '../ports/agent-runtime.js';
import type { Timer } from '../ports/timer.js';
import type { Slots } from '../task/claim-tasks.js';
import { createAttachAgent } from './attach-agent.js';
import { createPlaces, type Place } from './places.js';
import { createStartAgent, type StartAgentNeeds } from './start-agent.js';
import type { KeptMark } from './turn/kept-mark.js';

const NOTHING_ENDED: StopReceipt = { ended: 0, left: 0 };

/** The agent of a task was stopped before it could begin. The task is no worse for it. */
export class AgentStopped extends Error {
  constructor(agentId: AgentId) {
    super(`${agentId} was stopped.`);
    this.name = 'AgentStopped';
  }
}

/** An agent that can go on with the turn of an earlier server. */
export type ResumableAgent = RunningAgent & Required<Pick<RunningAgent, 'resume'>>;

export interface PoolCounts {
  readonly max: number;
  readonly starting: number;
  readonly idle: number;
  readonly busy: number;
  readonly stopping: number;
}

interface Needs extends StartAgentNeeds, Pick<Dependencies, 'newId' | 'settings'> {
  readonly timer: Timer;
}

/** Keeps up to `pool.max` agents, gives them out to tasks, and retires those that idle. */
export interface AgentPool extends Slots {
  /** The agent that `reserve` promised to this task, started. Throws AgentStopped, or what keeps it from starting. */
  acquire(task: ProcessingTask): Promise<RunningAgent>;
  /** Takes over an agent that an earlier server left at this task; null when it cannot be. */
  adopt(agent: BusyAgent, task: ProcessingTask, mark: string | null): Promise<ResumableAgent | null>;
  /** Takes over an agent that waits for its next turn; false when it cannot be, or there is no place for it. */
  adoptIdle(agent: IdleAgent, kept: KeptMark): Promise<boolean>;
  /** Takes an agent back from its task. */
  release(agentId: AgentId): Promise<void>;
  /** Ends an agent and all it started. Resolves with undefined when the pool does not have it. */
  stop(agentId: AgentId): Promise<StopReceipt | undefined>;
  /** Ends every agent, and gives out none from now on. */
  close(): Promise<void>;
  /** Whether a later server can take over this agent in its turn, which has told a mark, or not yet. */
  canBeLeft(agentId: AgentId, isMarked: boolean): boolean;
  /**
   * Ends every agent but those that a later server can take over, and gives out none from now on. An agent that still
   * has a task is one that was left at it.
   */
  leave(): Promise<void>;
  /** Ends those that were left, because no other server follows. They are written down as they were. */
  endLeft(): Promise<void>;
  counts(): PoolCounts;
  /** Calls back whenever a place may have become free. */
  onFree(listener: () => void): void;
}

export function createAgentPool(needs: Needs): AgentPool {
  const { transaction, clock, newId, grants, timer, logger } = needs;
  const { startAgent, clearUp } = createStartAgent(needs);
  const attachAgent = createAttachAgent(needs);
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
    place.group = null;
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

  /** Those whose agent has a process that waits for its next turn. */
  async function warmPlaces(): Promise<Set<Place>> {
    const warm = new Set<Place>();
    for (const place of places.all()) {
      if (place.state === 'idle' && (await place.started)?.isWarm?.() === true) warm.add(place);
    }
    return warm;
  }

  async function stopAll(which: (place: Place) => boolean): Promise<void> {
    closed = true;
    for (const place of places.all()) {
      place.callOffRetirement();
      if (which(place)) void stopOnce(place);
    }
    const ends = await Promise.allSettled(stopping.values());
    for (const end of ends.filter(({ status }) => status === 'rejected')) {
      logger.warn('the end of an agent was not written down', end);
    }
  }

  return {
    free: () => (closed ? 0 : places.free()),
    fullWorkspaces: () => places.fullWorkspaces(),
    groups: () => places.groups(),

    reserve({ agent: profile, workspaceId, group }: PendingTask) {
      if (places.isFull(workspaceId)) return undefined;
      const idle = places.idle(profile);
      if (idle !== undefined) {
        idle.callOffRetirement();
        idle.state = 'busy';
        idle.workspaceId = workspaceId;
        idle.group = group;
        return idle.agentId;
      }
      const vacated = places.hasRoom() ? Promise.resolve() : evictIdle();
      if (vacated === undefined) return undefined;
      return places.add({ agentId: newId('agent'), profile, workspaceId, group, vacated }).agentId;
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

    async adopt(agent, task, mark) {
      const place = places.add({ ...placeOf(agent), workspaceId: task.workspaceId, group: task.group });
      const running = await attachAgent(agent, place, {
        mark,
        attempt: attemptName(task.id, task.epoch),
        isIdle: false,
      });
      if (running === null || !isResumable(running)) {
        await running?.stop();
        places.remove(agent.id);
        return null;
      }
      place.state = 'busy';
      grants.begin(agent.id, task);
      return running;
    },

    async adoptIdle(agent, kept) {
      if (!places.hasRoom()) return false;
      const place = places.add({ ...placeOf(agent), workspaceId: null, group: null });
      if ((await attachAgent(agent, place, { ...kept, isIdle: true })) === null) {
        places.remove(agent.id);
        return false;
      }
      becomeIdle(place);
      return true;
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

    close: () => stopAll(() => true),

    canBeLeft: (agentId, isMarked) => {
      const place = places.get(agentId);
      return place?.state === 'busy' && place.canBeTakenOver && (isMarked || place.isFoundByAttempt);
    },

    async leave() {
      const isWarm = await warmPlaces();
      await stopAll((place) => !place.canBeTakenOver || (place.state !== 'busy' && !isWarm.has(place)));
    },

    async endLeft() {
      await Promise.all(places.all().map(async ({ started }) => (await started)?.stop()));
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

function placeOf({ id: agentId, profile }: Agent): Pick<Place, 'agentId' | 'profile' | 'vacated'> {
  return { agentId, profile, vacated: Promise.resolve() };
}

function isResumable(agent: RunningAgent): agent is ResumableAgent {
  return agent.resume !== undefined;
}
