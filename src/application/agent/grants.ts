import type { AgentId, TaskId, WorkspaceId } from '../../domain/shared/id.js';
import type { ProcessingTask } from '../../domain/task/task.js';
import type { AgentSecrets } from '../ports/agent-secrets.js';

/** What the agent of a task may reach: its workspace, its task, and the tasks that it has given to others. */
export interface Grant {
  readonly taskId: TaskId;
  readonly workspaceId: WorkspaceId;
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Tasks that it has spawned; it may look at and cancel them. */
  readonly spawned: Set<TaskId>;
}

/**
 * The tokens of the agents that this server runs. They live in memory and as hashes; those of agents that are
 * taken over are read from their files. A token of another server, or of an agent that has no task, reaches nothing.
 */
export interface Grants {
  /** Makes the token of an agent. It reaches nothing until `begin`. */
  issue(agentId: AgentId): string;
  /** The token of an agent that was taken over is good again. */
  restore(agentId: AgentId, token: string): void;
  /** The agent has been given this task. */
  begin(agentId: AgentId, task: Pick<ProcessingTask, 'id' | 'workspaceId' | 'workspace'>): void;
  /** The agent's task is over. */
  end(agentId: AgentId): void;
  /** The agent is gone. */
  revoke(agentId: AgentId): void;
  /** What a token reaches now; undefined for one that reaches nothing. */
  find(token: string): Grant | undefined;
}

export function createGrants({ newToken, hash }: AgentSecrets): Grants {
  const agents = new Map<string, AgentId>();
  const hashes = new Map<AgentId, string>();
  const grants = new Map<AgentId, Grant>();

  function know(agentId: AgentId, token: string): void {
    const hashed = hash(token);
    agents.set(hashed, agentId);
    hashes.set(agentId, hashed);
  }

  return {
    issue(agentId) {
      const token = newToken();
      know(agentId, token);
      return token;
    },
    restore: know,
    begin(agentId, { id, workspaceId, workspace }) {
      grants.set(agentId, { taskId: id, workspaceId, workspace, spawned: new Set() });
    },
    end: (agentId) => void grants.delete(agentId),
    revoke(agentId) {
      grants.delete(agentId);
      const hashed = hashes.get(agentId);
      hashes.delete(agentId);
      if (hashed !== undefined) agents.delete(hashed);
    },
    find(token) {
      // Most requests show none, and hashing nothing takes as long as hashing a token.
      if (token === '') return undefined;
      const agentId = agents.get(hash(token));
      return agentId === undefined ? undefined : grants.get(agentId);
    },
  };
}
