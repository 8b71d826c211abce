import type { Database } from 'better-sqlite3';
import type { ReadStores } from '../../application/ports/transaction.js';
import { AgentQueries } from './agent-statements.js';
import { ContextQueries } from './context-statements.js';
import { LedgerQueries } from './ledger-statements.js';
import { LimitGateQueries } from './limit-gate-statements.js';
import { ObservationQueries } from './observation-statements.js';
import { PermissionQueries } from './permission-statements.js';
import { PromptQueries } from './prompt-statements.js';
import { QueueLimitQueries } from './queue-limit-statements.js';
import { ScheduleQueries } from './schedule-statements.js';
import { SessionQueries } from './session-statements.js';
import { SqliteAgentReader } from './sqlite-agent-repository.js';
import { SqliteContextReader } from './sqlite-context-repository.js';
import { SqliteDueSummariesReader } from './sqlite-due-summaries.js';
import { SqliteLimitGateReader } from './sqlite-limit-gates.js';
import { SqliteModelLedgerReader } from './sqlite-model-ledger.js';
import { SqliteObservationReader } from './sqlite-observation-repository.js';
import { SqlitePermissionReader } from './sqlite-permission-repository.js';
import { SqlitePromptReader } from './sqlite-prompt-repository.js';
import { SqliteQueueLimitReader } from './sqlite-queue-limits.js';
import { readQueue, SqliteQueueReader } from './sqlite-queue-repository.js';
import { SqliteScheduleReader } from './sqlite-schedule-repository.js';
import { SqliteSessionReader } from './sqlite-session-repository.js';
import { SqliteTaskReader } from './sqlite-task-reader.js';
import { SqliteToolUseReader } from './sqlite-tool-use-repository.js';
import { SqliteTranscriptReader } from './sqlite-transcript-repository.js';
import { SqliteUsageLedgerReader } from './sqlite-usage-ledger.js';
import { SqliteVectorIndexReader, VectorQueries } from './sqlite-vector-index.js';
import { SqliteWorkspaceReader } from './sqlite-workspace-repository.js';
import { SummaryQueries } from './summary-statements.js';
import { readTaskCounts } from './task-counts.js';
import { TaskList } from './task-list.js';
import { TaskQueries } from './task-queries.js';
import { TaskWalk } from './task-walk.js';
import { ToolUseQueries } from './tool-use-statements.js';
import { TranscriptQueries } from './transcript-statements.js';
import { UsageQueries } from './usage-statements.js';
import { WorkspaceQueries } from './workspace-statements.js';

export const MEMORY_STATEMENTS = {
  count: 'SELECT n FROM memory_count WHERE what = ?',
} as const;

/** Prepares everything that is read, on the connection that only reads: it never sees a group that is not committed. */
export function createReadStores(reader: Database): ReadStores {
  const count = reader.prepare<[string], number>(MEMORY_STATEMENTS.count).pluck();
  return {
    tasks: new SqliteTaskReader(
      new TaskQueries(reader),
      new TaskList(reader),
      new TaskWalk(reader),
      readTaskCounts(reader),
    ),
    queue: new SqliteQueueReader(readQueue(reader)),
    limits: new SqliteLimitGateReader(new LimitGateQueries(reader)),
    queueLimits: new SqliteQueueLimitReader(new QueueLimitQueries(reader)),
    schedules: new SqliteScheduleReader(new ScheduleQueries(reader)),
    agents: new SqliteAgentReader(new AgentQueries(reader)),
    sessions: new SqliteSessionReader(new SessionQueries(reader)),
    prompts: new SqlitePromptReader(new PromptQueries(reader)),
    toolUses: new SqliteToolUseReader(new ToolUseQueries(reader)),
    transcripts: new SqliteTranscriptReader(new TranscriptQueries(reader)),
    observations: new SqliteObservationReader(new ObservationQueries(reader)),
    contexts: new SqliteContextReader(new ContextQueries(reader)),
    permissions: new SqlitePermissionReader(new PermissionQueries(reader)),
    dueSummaries: new SqliteDueSummariesReader(new SummaryQueries(reader)),
    ledger: new SqliteModelLedgerReader(new LedgerQueries(reader)),
    usage: new SqliteUsageLedgerReader(new UsageQueries(reader)),
    vectors: new SqliteVectorIndexReader(new VectorQueries(reader)),
    workspaces: new SqliteWorkspaceReader(new WorkspaceQueries(reader)),
    memory: {
      counts: async () => ({ observations: count.get('observations') ?? 0, waiting: count.get('waiting') ?? 0 }),
    },
  };
}
