import type { Read, ReadStores, Stores, Transaction } from '../../application/ports/transaction.js';
import type { Agent } from '../../domain/agent/agent.js';
import type { DeadLetter } from '../../domain/distil/dead-letter.js';
import type { SessionSpend } from '../../domain/distil/spend.js';
import type { EventLog } from '../../domain/event/event-log.js';
import type { LimitGate } from '../../domain/limit/limit-gate.js';
import type { VectorModel } from '../../domain/memory/vector-index.js';
import type { Observation } from '../../domain/observation/observation.js';
import type { Permission } from '../../domain/permission/permission.js';
import type { Schedule } from '../../domain/schedule/schedule.js';
import type { Prompt } from '../../domain/session/prompt.js';
import type { Session } from '../../domain/session/session.js';
import type { ToolUse } from '../../domain/session/tool-use.js';
import type { TranscriptPosition } from '../../domain/session/transcript-position.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { TaskId } from '../../domain/shared/id.js';
import type { Attempt } from '../../domain/task/attempt.js';
import type { Dependency } from '../../domain/task/dependency.js';
import type { Task } from '../../domain/task/task.js';
import type { Usage } from '../../domain/usage/usage.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import { MemoryAgentReader, MemoryAgentRepository } from './memory-agent-repository.js';
import { type HandedRow, MemoryContextReader, MemoryContextRepository } from './memory-context-repository.js';
import { type DueRow, MemoryDueSummaries, MemoryDueSummariesReader } from './memory-due-summaries.js';
import { MemoryEventLog } from './memory-event-log.js';
import { type ImportedRow, MemoryImportedRows } from './memory-imported-rows.js';
import { MemoryLimitGateReader, MemoryLimitGates } from './memory-limit-gates.js';
import { MemoryModelLedger, MemoryModelLedgerReader } from './memory-model-ledger.js';
import { MemoryObservationReader, MemoryObservationRepository } from './memory-observation-repository.js';
import { MemoryPermissionReader, MemoryPermissionRepository } from './memory-permission-repository.js';
import { MemoryPromptReader, MemoryPromptRepository } from './memory-prompt-repository.js';
import { type LimitRow, MemoryQueueLimitReader, MemoryQueueLimits } from './memory-queue-limits.js';
import { MemoryQueue } from './memory-queue-repository.js';
import { MemoryScheduleReader, MemoryScheduleRepository } from './memory-schedule-repository.js';
import { MemorySessionReader, MemorySessionRepository } from './memory-session-repository.js';
import { MemoryTable } from './memory-table.js';
import { MemoryTaskReader } from './memory-task-reader.js';
import { MemoryTaskRepository } from './memory-task-repository.js';
import { MemoryToolUseReader, MemoryToolUseRepository } from './memory-tool-use-repository.js';
import { type Guard, MemoryTransactions } from './memory-transaction.js';
import { MemoryTranscriptReader, MemoryTranscriptRepository } from './memory-transcript-repository.js';
import { MemoryUsageLedger, MemoryUsageLedgerReader } from './memory-usage-ledger.js';
import { MemoryVectorIndex, MemoryVectorIndexReader, type VectorRow } from './memory-vector-index.js';
import { MemoryWorkspaceReader, MemoryWorkspaceRepository } from './memory-workspace-repository.js';

/** Storage that is gone with the process: for tests of use cases, and passing the same contract suites as SQLite. */
export interface MemoryStorage extends AsyncDisposable {
  readonly transaction: Transaction;
  readonly read: Read;
  readonly eventLog: EventLog;
  close(): Promise<void>;
}

/** Opens an empty storage in memory. */
export function openMemoryStorage(): MemoryStorage {
  const tasks = new MemoryTable<Task>();
  const attempts = new MemoryTable<Attempt>();
  const dependencies = new MemoryTable<readonly Dependency[]>();
  const requests = new MemoryTable<TaskId>();
  const agents = new MemoryTable<Agent>();
  const marks = new MemoryTable<string>();
  const sessions = new MemoryTable<Session>();
  const prompts = new MemoryTable<Prompt>();
  const toolUses = new MemoryTable<ToolUse>();
  const transcripts = new MemoryTable<TranscriptPosition>();
  const observations = new MemoryTable<Observation>();
  const contexts = new MemoryTable<HandedRow>();
  const permissions = new MemoryTable<Permission>();
  const dueSummaries = new MemoryTable<DueRow>();
  const spends = new MemoryTable<SessionSpend>();
  const deadLetters = new MemoryTable<DeadLetter>();
  const usage = new MemoryTable<Usage>();
  const vectors = new MemoryTable<VectorRow>();
  const vectorModels = new MemoryTable<VectorModel>();
  const workspaces = new MemoryTable<Workspace>();
  const importedRows = new MemoryTable<ImportedRow>();
  const limitGates = new MemoryTable<LimitGate>();
  const queueLimits = new MemoryTable<LimitRow>();
  const queue = new MemoryQueue(limitGates, queueLimits);
  const schedules = new MemoryTable<Schedule>();
  const log = new MemoryEventLog();

  const storesFor = (guard: Guard): Stores => ({
    tasks: new MemoryTaskRepository(guard, { tasks, attempts, dependencies, requests, workspaces }),
    queue: queue.repository(guard),
    limits: new MemoryLimitGates(guard, limitGates),
    queueLimits: new MemoryQueueLimits(guard, queueLimits, tasks),
    schedules: new MemoryScheduleRepository(guard, schedules),
    agents: new MemoryAgentRepository(guard, agents, marks),
    sessions: new MemorySessionRepository(guard, sessions, [prompts, toolUses]),
    prompts: new MemoryPromptRepository(guard, prompts),
    toolUses: new MemoryToolUseRepository(guard, toolUses),
    transcripts: new MemoryTranscriptRepository(guard, transcripts, sessions),
    observations: new MemoryObservationRepository(guard, observations),
    contexts: new MemoryContextRepository(guard, contexts),
    permissions: new MemoryPermissionRepository(guard, permissions),
    dueSummaries: new MemoryDueSummaries(guard, dueSummaries),
    ledger: new MemoryModelLedger(guard, { spends, deadLetters }),
    usage: new MemoryUsageLedger(guard, usage),
    vectors: new MemoryVectorIndex(guard, vectors, vectorModels, { observations, prompts }),
    workspaces: new MemoryWorkspaceRepository(guard, workspaces),
    importedRows: new MemoryImportedRows(guard, importedRows, {
      obs: observations,
      prompt: prompts,
      session: sessions,
    }),
    events: log.appender(guard),
  });
  // The log comes last: whoever it wakes must find the state that the events speak of.
  const state = [
    ...[tasks, attempts, dependencies, requests, agents, marks, sessions, prompts, toolUses, transcripts],
    ...[
      observations,
      contexts,
      permissions,
      usage,
      vectors,
      vectorModels,
      dueSummaries,
      spends,
      deadLetters,
      workspaces,
      importedRows,
      limitGates,
      queueLimits,
      schedules,
      queue,
      log,
    ],
  ];
  const transactions = new MemoryTransactions(storesFor, state);

  const always: Guard = () => undefined;
  const readStores: ReadStores = {
    tasks: new MemoryTaskReader(always, tasks.committed, attempts.committed, dependencies.committed),
    queue: { get: async () => queue.committed },
    limits: new MemoryLimitGateReader(always, limitGates.committed),
    queueLimits: new MemoryQueueLimitReader(always, queueLimits.committed, tasks.committed),
    schedules: new MemoryScheduleReader(always, schedules.committed),
    agents: new MemoryAgentReader(always, agents.committed),
    sessions: new MemorySessionReader(always, sessions.committed, [prompts.committed, toolUses.committed]),
    prompts: new MemoryPromptReader(always, prompts.committed),
    toolUses: new MemoryToolUseReader(always, toolUses.committed),
    transcripts: new MemoryTranscriptReader(always, transcripts.committed, sessions.committed),
    observations: new MemoryObservationReader(always, observations.committed),
    contexts: new MemoryContextReader(always, contexts.committed),
    permissions: new MemoryPermissionReader(always, permissions.committed),
    dueSummaries: new MemoryDueSummariesReader(always, dueSummaries.committed),
    ledger: new MemoryModelLedgerReader(always, { spends: spends.committed, deadLetters: deadLetters.committed }),
    usage: new MemoryUsageLedgerReader(always, usage.committed),
    vectors: new MemoryVectorIndexReader(always, vectors.committed, vectorModels.committed, {
      observations: observations.committed,
      prompts: prompts.committed,
    }),
    workspaces: new MemoryWorkspaceReader(always, workspaces.committed),
    memory: {
      counts: async () => ({
        observations: [...observations.committed.all()].filter(({ status }) => status === 'kept').length,
        waiting: [...toolUses.committed.all()].filter(({ distilledAt }) => distilledAt === null).length,
      }),
    },
  };

  const close = async () => {
    await transactions.close();
    log.close(new DomainError('unavailable', 'The server is stopping.'));
  };
  return {
    transaction: (work) => transactions.transaction(work),
    read: (work) => work(readStores),
    eventLog: log,
    close,
    [Symbol.asyncDispose]: close,
  };
}
