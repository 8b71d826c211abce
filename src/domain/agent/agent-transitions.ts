import type { Change } from '../shared/change.js';
import { DomainError } from '../shared/domain-error.js';
import type { AgentId, TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type {
  Agent,
  BusyAgent,
  CrashedAgent,
  IdleAgent,
  StartingAgent,
  StoppedAgent,
  StoppingAgent,
  StopReceipt,
} from './agent.js';
import type { AgentEvent } from './agent-event.js';

type AgentChange<State extends Agent> = Change<State, AgentEvent>;

/** Puts a new agent into the pool. Its processes may be started once this is committed, not before. */
export function spawnAgent(
  agent: Pick<StartingAgent, 'id' | 'profile' | 'protocol' | 'runId' | 'owner'>,
  now: Timestamp,
): AgentChange<StartingAgent> {
  const state: StartingAgent = {
    ...agent,
    status: 'starting',
    startedAt: now,
    taskId: null,
    stoppedAt: null,
    receipt: null,
    reason: null,
  };
  const { profile, protocol } = agent;
  return { state, events: [{ type: 'agent.spawned', at: now, agentId: agent.id, data: { profile, protocol } }] };
}

export function becomeReady(agent: Agent, now: Timestamp): AgentChange<IdleAgent> {
  if (agent.status !== 'starting') throw invalidTransition('make ready', agent);
  const readyMs = Math.max(0, now - agent.startedAt);
  return {
    state: { ...agent, status: 'idle' },
    events: [{ type: 'agent.ready', at: now, agentId: agent.id, data: { readyMs } }],
  };
}

/** Gives an idle agent a task. */
export function assign(agent: Agent, taskId: TaskId, now: Timestamp): AgentChange<BusyAgent> {
  if (agent.status !== 'idle') throw invalidTransition('assign a task to', agent);
  return {
    state: { ...agent, status: 'busy', taskId },
    events: [{ type: 'agent.busy', at: now, agentId: agent.id, taskId, data: {} }],
  };
}

/** Takes the task from a busy agent. */
export function release(agent: Agent, now: Timestamp): AgentChange<IdleAgent> {
  if (agent.status !== 'busy') throw invalidTransition('release', agent);
  return {
    state: { ...agent, status: 'idle', taskId: null },
    events: [{ type: 'agent.idle', at: now, agentId: agent.id, taskId: agent.taskId, data: {} }],
  };
}

/** Begins to end an agent, whatever it does. Nothing is announced until it is gone. */
export function beginStop(agent: Agent): AgentChange<StoppingAgent> {
  if (isEnded(agent)) throw invalidTransition('stop', agent);
  return { state: { ...agent, status: 'stopping' }, events: [] };
}

/** A stopping agent's processes have been ended, as the receipt says. */
export function stopped(agent: Agent, receipt: StopReceipt, now: Timestamp): AgentChange<StoppedAgent> {
  if (agent.status !== 'stopping') throw invalidTransition('finish stopping', agent);
  return {
    state: { ...agent, status: 'stopped', taskId: null, receipt, stoppedAt: now },
    events: [{ type: 'agent.stopped', at: now, agentId: agent.id, data: { ...receipt } }],
  };
}

/** The agent ended, or lost its server, without being asked to. What it left behind has been ended. */
export function crash(agent: Agent, reason: string, receipt: StopReceipt, now: Timestamp): AgentChange<CrashedAgent> {
  if (isEnded(agent)) throw invalidTransition('crash', agent);
  return {
    state: { ...agent, status: 'crashed', taskId: null, reason, receipt, stoppedAt: now },
    events: [{ type: 'agent.crashed', at: now, agentId: agent.id, data: { reason, ...receipt } }],
  };
}

function isEnded(agent: Agent): agent is StoppedAgent | CrashedAgent {
  return agent.status === 'stopped' || agent.status === 'crashed';
}

function invalidTransition(verb: string, agent: { id: AgentId; status: string }): DomainError {
  return new DomainError('invalid_transition', `Cannot ${verb} ${agent.id}: it is ${agent.status}.`);
}
