import type { AgentId } from '../../domain/shared/id.js';

/** What agents that speak over their standard output wrote there; of no use once the agent is gone. */
export interface AgentFiles {
  /** Removes what an agent wrote, if it wrote anything. */
  remove(agentId: AgentId): Promise<void>;
  /** Removes what the agents of earlier servers wrote, but for these. */
  clear(kept: ReadonlySet<string>): Promise<void>;
}
