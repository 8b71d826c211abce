import type { AgentId, TaskId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { StopReceipt } from './agent.js';
import type { Protocol } from './agent-profile.js';

interface About<Type extends string, Data> {
  type: Type;
  at: Timestamp;
  agentId: AgentId;
  taskId?: TaskId;
  data: Data;
}

export type AgentEvent =
  | About<'agent.spawned', { profile: string; protocol: Protocol }>
  | About<'agent.ready', { readyMs: number }>
  | About<'agent.busy' | 'agent.idle', Record<string, never>>
  | About<'agent.stopped', StopReceipt>
  | About<'agent.crashed', StopReceipt & { reason: string }>;
