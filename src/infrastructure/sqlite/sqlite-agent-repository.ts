import type { Agent } from '../../domain/agent/agent.js';
import type { AgentFilter, AgentReader, AgentRepository } from '../../domain/agent/agent-repository.js';
import { notFound } from '../../domain/shared/domain-error.js';
import { type AgentId, decodeId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { AgentQueries, AgentWrites } from './agent-statements.js';
import type { OpenTransaction } from './open-transaction.js';

/** Committed agents. */
export class SqliteAgentReader implements AgentReader {
  readonly #queries: AgentQueries;

  constructor(queries: AgentQueries) {
    this.#queries = queries;
  }

  async get(id: AgentId): Promise<Agent> {
    return getAgent(this.#queries, id);
  }

  async list(filter: AgentFilter): Promise<Agent[]> {
    return this.#queries.list(filter);
  }
}

/** The agents as one transaction sees and changes them. */
export class SqliteAgentRepository implements AgentRepository {
  readonly #transaction: OpenTransaction;
  readonly #queries: AgentQueries;
  readonly #writes: AgentWrites;

  constructor(transaction: OpenTransaction, queries: AgentQueries, writes: AgentWrites) {
    this.#transaction = transaction;
    this.#queries = queries;
    this.#writes = writes;
  }

  async get(id: AgentId): Promise<Agent> {
    this.#transaction.reading();
    return getAgent(this.#queries, id);
  }

  async list(filter: AgentFilter): Promise<Agent[]> {
    this.#transaction.reading();
    return this.#queries.list(filter);
  }

  async abandoned(owner: string): ReturnType<AgentRepository['abandoned']> {
    this.#transaction.reading();
    return this.#queries.abandoned(owner) as Awaited<ReturnType<AgentRepository['abandoned']>>;
  }

  async saveMark(id: AgentId, mark: string): Promise<void> {
    this.#transaction.writing();
    this.#writes.saveMark(decodeId(id), mark);
  }

  async markOf(id: AgentId): Promise<string | null> {
    this.#transaction.reading();
    return this.#queries.mark(decodeId(id));
  }

  async changeOwner(id: AgentId, owner: string): Promise<void> {
    this.#transaction.writing();
    if (!this.#writes.changeOwner(decodeId(id), owner)) throw notFound('agent', id);
  }

  async removeEnded(id: AgentId, before: Timestamp): Promise<boolean> {
    this.#transaction.writing();
    return this.#writes.removeEnded(decodeId(id), before);
  }

  async insert(agent: Agent): Promise<void> {
    this.#transaction.writing();
    this.#writes.insert(agent);
  }

  async save(agent: Agent): Promise<void> {
    this.#transaction.writing();
    if (!this.#writes.save(agent)) throw notFound('agent', agent.id);
  }
}

function getAgent(queries: AgentQueries, id: AgentId): Agent {
  const agent = queries.find(decodeId(id));
  if (agent === undefined) throw notFound('agent', id);
  return agent;
}
