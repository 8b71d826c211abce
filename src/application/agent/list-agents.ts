import { z } from 'zod';
import type { Agent } from '../../domain/agent/agent.js';
import { AgentId } from '../../domain/shared/id.js';
import type { Dependencies } from '../dependencies.js';
import { type Page, PageSize, toPage } from '../page.js';

export const GetAgent = z.strictObject({ agentId: AgentId });
export type GetAgent = z.infer<typeof GetAgent>;

export function createGetAgent({ read }: Pick<Dependencies, 'read'>) {
  return ({ agentId }: GetAgent): Promise<Agent> => read(({ agents }) => agents.get(agentId));
}

/** `live`: only agents that have not ended. */
export const ListAgents = z.strictObject({ live: z.boolean().optional(), cursor: AgentId.optional(), limit: PageSize });
export type ListAgents = z.infer<typeof ListAgents>;

/** Agents, newest first. */
export function createListAgents({ read }: Pick<Dependencies, 'read'>) {
  return ({ cursor, limit, live }: ListAgents): Promise<Page<Agent>> =>
    read(async ({ agents }) => toPage(await agents.list({ live, before: cursor, limit: limit + 1 }), limit));
}
