import type { AgentId } from '../shared/id.js';
import type { Timestamp } from '../shared/timestamp.js';
import type { Agent, AgentStatus } from './agent.js';

/** Which agents a list shows, newest first. */
export interface AgentFilter {
  /** True: only those that have not ended. */
  readonly live?: boolean | undefined;
  readonly before?: AgentId | undefined;
  readonly limit: number;
}

export interface AgentReader {
  /** Throws `not_found`. */
  get(id: AgentId): Promise<Agent>;
  list(filter: AgentFilter): Promise<Agent[]>;
}

export interface AgentRepository extends AgentReader {
  insert(agent: Agent): Promise<void>;
  save(agent: Agent): Promise<void>;
  /** Takes an agent that ended before this moment out for good; false, with nothing changed, for one that did not. */
  removeEnded(id: AgentId, before: Timestamp): Promise<boolean>;
  /** Keeps what the agent's turn says about how to find back into it. */
  saveMark(id: AgentId, mark: string): Promise<void>;
  /** What was kept last; null when nothing was, or there is no such agent. */
  markOf(id: AgentId): Promise<string | null>;
  /** Another server runs the agent from now on. */
  changeOwner(id: AgentId, owner: string): Promise<void>;
  /** Live agents that belong to a server other than `owner`. */
  abandoned(owner: string): Promise<Exclude<Agent, { status: Extract<AgentStatus, 'stopped' | 'crashed'> }>[]>;
}
