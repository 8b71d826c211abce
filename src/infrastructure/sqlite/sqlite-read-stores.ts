import type { Database } from 'better-sqlite3';
import type { ReadStores } from '../../application/ports/transaction.js';
import { AgentQueries } from './agent-statements.js';
import { SessionQueries } from './session-statements.js';
import { SqliteAgentReader } from './sqlite-agent-repository.js';
import { readQueue, SqliteQueueReader } from './sqlite-queue-repository.js';
import { SqliteSessionReader } from './sqlite-session-repository.js';
import { SqliteTaskReader } from './sqlite-task-reader.js';
import { SqliteWorkspaceReader } from './sqlite-workspace-repository.js';
import { readTaskCounts } from './task-counts.js';
import { TaskList } from './task-list.js';
import { TaskQueries } from './task-queries.js';
import { WorkspaceQueries } from './workspace-statements.js';

export const MEMORY_STATEMENTS = {
  observations: 'SELECT count(*) FROM observation WHERE forgotten_at IS NULL',
  waiting: 'SELECT count(*) FROM tool_use WHERE distilled_at IS NULL',
} as const;

/** Prepares everything that is read, on the connection that only reads: it never sees a group that is not committed. */
export function createReadStores(reader: Database): ReadStores {
  const observations = reader.prepare<[], number>(MEMORY_STATEMENTS.observations).pluck();
  const waiting = reader.prepare<[], number>(MEMORY_STATEMENTS.waiting).pluck();
  return {
    tasks: new SqliteTaskReader(new TaskQueries(reader), new TaskList(reader), readTaskCounts(reader)),
    queue: new SqliteQueueReader(readQueue(reader)),
    agents: new SqliteAgentReader(new AgentQueries(reader)),
    sessions: new SqliteSessionReader(new SessionQueries(reader)),
    workspaces: new SqliteWorkspaceReader(new WorkspaceQueries(reader)),
    memory: {
      counts: async () => ({ observations: observations.get() ?? 0, waiting: waiting.get() ?? 0 }),
    },
  };
}
