import type { Agent } from '../../domain/agent/agent.js';
import type { AgentFilter, AgentReader, AgentRepository } from '../../domain/agent/agent-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import type { AgentId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { type MemoryTable, newest, type Rows } from './memory-table.js';
import type { Guard } from './memory-transaction.js';

/** Agents as these rows show them. */
export class MemoryAgentReader implements AgentReader {
  readonly #guard: Guard;
  readonly #agents: Rows<Agent>;

  constructor(guard: Guard, agents: Rows<Agent>) {
    this.#guard = guard;
    this.#agents = agents;
  }

  async get(id: AgentId): Promise<Agent> {
    this.#guard();
    const agent = this.#agents.get(id);
    if (agent === undefined) throw notFound('agent', id);
    return agent;
  }

  async list(filter: AgentFilter): Promise<Agent[]> {
    this.#guard();
    return newest(this.#agents, filter, (agent) => filter.live !== true || agent.stoppedAt === null);
  }
}

/** The agents as one transaction sees and changes them. */
export class MemoryAgentRepository extends MemoryAgentReader implements AgentRepository {
  readonly #guard: Guard;
  readonly #agents: MemoryTable<Agent>;
  readonly #marks: MemoryTable<string>;

  constructor(guard: Guard, agents: MemoryTable<Agent>, marks: MemoryTable<string>) {
    super(guard, agents);
    this.#marks = marks;
    this.#guard = guard;
    this.#agents = agents;
  }

  async abandoned(owner: string): ReturnType<AgentRepository['abandoned']> {
    this.#guard();
    return [...this.#agents.all()]
      .filter((agent) => agent.status !== 'stopped' && agent.status !== 'crashed')
      .filter((agent) => agent.owner !== owner)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async saveMark(id: AgentId, mark: string): Promise<void> {
    this.#guard();
    this.#marks.set(id, mark);
  }

  async markOf(id: AgentId): Promise<string | null> {
    this.#guard();
    return this.#marks.get(id) ?? null;
  }

  async changeOwner(id: AgentId, owner: string): Promise<void> {
    this.#guard();
    const agent = this.#agents.get(id);
    if (agent === undefined) throw notFound('agent', id);
    this.#agents.set(id, { ...agent, owner });
  }

  async removeEnded(id: AgentId, before: Timestamp): Promise<boolean> {
    this.#guard();
    const agent = this.#agents.get(id);
    if (agent === undefined || agent.stoppedAt === null || agent.stoppedAt >= before) return false;
    this.#agents.delete(id);
    return true;
  }

  async insert(agent: Agent): Promise<void> {
    this.#guard();
    if (this.#agents.get(agent.id) !== undefined) throw new Error(`${agent.id} is there already.`);
    this.#agents.set(agent.id, agent);
  }

  async save(agent: Agent): Promise<void> {
    this.#guard();
    if (this.#agents.get(agent.id) === undefined) throw notFound('agent', agent.id);
    this.#agents.set(agent.id, agent);
  }
}
