import type { Database } from 'better-sqlite3';
import type { Stores } from '../../application/ports/transaction.js';
import type { AgentRepository } from '../../domain/agent/agent-repository.js';
import type { HandedContextRepository } from '../../domain/context/handed-context-repository.js';
import type { ModelLedger } from '../../domain/distil/model-ledger.js';
import type { EventAppender } from '../../domain/event/event-log.js';
import type { LimitGateRepository } from '../../domain/limit/limit-gate-repository.js';
import type { ImportedRows } from '../../domain/memory/imported-rows.js';
import type { VectorIndex } from '../../domain/memory/vector-index.js';
import type { ObservationRepository } from '../../domain/observation/observation-repository.js';
import type { PermissionRepository } from '../../domain/permission/permission-repository.js';
import type { QueueLimitRepository } from '../../domain/queue-limit/queue-limit-repository.js';
import type { ScheduleRepository } from '../../domain/schedule/schedule-repository.js';
import type { PromptRepository } from '../../domain/session/prompt-repository.js';
import type { SessionRepository } from '../../domain/session/session-repository.js';
import type { ToolUseRepository } from '../../domain/session/tool-use-repository.js';
import type { TranscriptRepository } from '../../domain/session/transcript-repository.js';
import type { DueSummaries } from '../../domain/summary/due-summaries.js';
import type { QueueRepository } from '../../domain/task/queue.js';
import type { TaskRepository } from '../../domain/task/task-repository.js';
import type { UsageLedger } from '../../domain/usage/usage-ledger.js';
import type { WorkspaceRepository } from '../../domain/workspace/workspace-repository.js';
import { AgentQueries, AgentWrites } from './agent-statements.js';
import { ContextQueries, ContextWrites } from './context-statements.js';
import { DocumentWrites } from './document-writes.js';
import { ImportedRowStatements } from './imported-row-statements.js';
import { LedgerQueries, LedgerWrites } from './ledger-statements.js';
import { LimitGateQueries, LimitGateWrites } from './limit-gate-statements.js';
import { ObservationQueries, ObservationWrites } from './observation-statements.js';
import type { OpenTransaction } from './open-transaction.js';
import { PermissionQueries, PermissionWrites } from './permission-statements.js';
import { PromptQueries, PromptWrites } from './prompt-statements.js';
import { QueueLimitQueries, QueueLimitWrites } from './queue-limit-statements.js';
import { ScheduleQueries, ScheduleWrites } from './schedule-statements.js';
import { SessionQueries, SessionWrites } from './session-statements.js';
import { SqliteAgentRepository } from './sqlite-agent-repository.js';
import { SqliteContextRepository } from './sqlite-context-repository.js';
import { SqliteDueSummaries } from './sqlite-due-summaries.js';
import type { SqliteEventLog } from './sqlite-event-log.js';
import { SqliteImportedRows } from './sqlite-imported-rows.js';
import { SqliteLimitGates } from './sqlite-limit-gates.js';
import { SqliteModelLedger } from './sqlite-model-ledger.js';
import { SqliteObservationRepository } from './sqlite-observation-repository.js';
import { SqlitePermissionRepository } from './sqlite-permission-repository.js';
import { SqlitePromptRepository } from './sqlite-prompt-repository.js';
import { SqliteQueueLimits } from './sqlite-queue-limits.js';
import { readQueue, SqliteQueueRepository, writeQueue } from './sqlite-queue-repository.js';
import { SqliteScheduleRepository } from './sqlite-schedule-repository.js';
import { SqliteSessionRepository } from './sqlite-session-repository.js';
import { SqliteTaskRepository, type TaskStatements } from './sqlite-task-repository.js';
import { SqliteToolUseRepository } from './sqlite-tool-use-repository.js';
import { SqliteTranscriptRepository } from './sqlite-transcript-repository.js';
import { SqliteUsageLedger } from './sqlite-usage-ledger.js';
import { SqliteVectorIndex, VectorQueries, VectorWrites } from './sqlite-vector-index.js';
import { SqliteWorkspaceRepository } from './sqlite-workspace-repository.js';
import { SummaryQueries, SummaryWrites } from './summary-statements.js';
import { WriterTaskCounts } from './task-counts.js';
import { TaskList } from './task-list.js';
import { TaskQueries } from './task-queries.js';
import { TaskWalk } from './task-walk.js';
import { TaskWrites } from './task-writes.js';
import { ToolUseQueries, ToolUseWrites } from './tool-use-statements.js';
import { TranscriptQueries, TranscriptWrites } from './transcript-statements.js';
import { UsageQueries, UsageWrites } from './usage-statements.js';
import { WorkspaceQueries, WorkspaceWrites } from './workspace-statements.js';

/** What the connection that writes has prepared, for the stores of all transactions. */
export class WriterStatements {
  readonly tasks: TaskStatements;
  readonly documents: DocumentWrites;
  readonly agentQueries: AgentQueries;
  readonly agentWrites: AgentWrites;
  readonly sessionQueries: SessionQueries;
  readonly sessionWrites: SessionWrites;
  readonly promptQueries: PromptQueries;
  readonly promptWrites: PromptWrites;
  readonly toolUseQueries: ToolUseQueries;
  readonly toolUseWrites: ToolUseWrites;
  readonly transcriptQueries: TranscriptQueries;
  readonly transcriptWrites: TranscriptWrites;
  readonly observationQueries: ObservationQueries;
  readonly observationWrites: ObservationWrites;
  readonly contextQueries: ContextQueries;
  readonly contextWrites: ContextWrites;
  readonly permissionQueries: PermissionQueries;
  readonly permissionWrites: PermissionWrites;
  readonly summaryQueries: SummaryQueries;
  readonly summaryWrites: SummaryWrites;
  readonly ledgerQueries: LedgerQueries;
  readonly ledgerWrites: LedgerWrites;
  readonly usageQueries: UsageQueries;
  readonly usageWrites: UsageWrites;
  readonly vectorQueries: VectorQueries;
  readonly vectorWrites: VectorWrites;
  readonly workspaceQueries: WorkspaceQueries;
  readonly workspaceWrites: WorkspaceWrites;
  readonly importedRows: ImportedRowStatements;
  readonly limitGateQueries: LimitGateQueries;
  readonly limitGateWrites: LimitGateWrites;
  readonly queueLimitQueries: QueueLimitQueries;
  readonly queueLimitWrites: QueueLimitWrites;
  readonly scheduleQueries: ScheduleQueries;
  readonly scheduleWrites: ScheduleWrites;
  readonly readQueue: ReturnType<typeof readQueue>;
  readonly writeQueue: ReturnType<typeof writeQueue>;

  constructor(writer: Database) {
    this.tasks = {
      queries: new TaskQueries(writer),
      list: new TaskList(writer),
      walk: new TaskWalk(writer),
      writes: new TaskWrites(writer),
      counts: new WriterTaskCounts(writer),
    };
    this.agentQueries = new AgentQueries(writer);
    this.agentWrites = new AgentWrites(writer);
    this.sessionQueries = new SessionQueries(writer);
    this.sessionWrites = new SessionWrites(writer);
    const documents = new DocumentWrites(writer);
    this.documents = documents;
    this.promptQueries = new PromptQueries(writer);
    this.promptWrites = new PromptWrites(writer, documents);
    this.toolUseQueries = new ToolUseQueries(writer);
    this.toolUseWrites = new ToolUseWrites(writer);
    this.transcriptQueries = new TranscriptQueries(writer);
    this.transcriptWrites = new TranscriptWrites(writer);
    this.observationQueries = new ObservationQueries(writer);
    this.observationWrites = new ObservationWrites(writer, documents);
    this.contextQueries = new ContextQueries(writer);
    this.contextWrites = new ContextWrites(writer);
    this.permissionQueries = new PermissionQueries(writer);
    this.permissionWrites = new PermissionWrites(writer);
    this.summaryQueries = new SummaryQueries(writer);
    this.summaryWrites = new SummaryWrites(writer);
    this.ledgerQueries = new LedgerQueries(writer);
    this.ledgerWrites = new LedgerWrites(writer);
    this.usageQueries = new UsageQueries(writer);
    this.usageWrites = new UsageWrites(writer);
    this.vectorQueries = new VectorQueries(writer);
    this.vectorWrites = new VectorWrites(writer);
    this.workspaceQueries = new WorkspaceQueries(writer);
    this.workspaceWrites = new WorkspaceWrites(writer);
    this.importedRows = new ImportedRowStatements(writer);
    this.limitGateQueries = new LimitGateQueries(writer);
    this.limitGateWrites = new LimitGateWrites(writer);
    this.queueLimitQueries = new QueueLimitQueries(writer);
    this.queueLimitWrites = new QueueLimitWrites(writer);
    this.scheduleQueries = new ScheduleQueries(writer);
    this.scheduleWrites = new ScheduleWrites(writer);
    this.readQueue = readQueue(writer);
    this.writeQueue = writeQueue(writer);
  }
}

/** The stores of one transaction. A store is made when it is first asked for: most transactions use two. */
export class SqliteStores implements Stores {
  readonly #transaction: OpenTransaction;
  readonly #statements: WriterStatements;
  readonly #log: SqliteEventLog;
  #tasks: TaskRepository | undefined;

  constructor(transaction: OpenTransaction, statements: WriterStatements, log: SqliteEventLog) {
    this.#transaction = transaction;
    this.#statements = statements;
    this.#log = log;
  }

  /** Always the same one within a transaction: it remembers what it has read. */
  get tasks(): TaskRepository {
    this.#tasks ??= new SqliteTaskRepository(this.#transaction, this.#statements.tasks);
    return this.#tasks;
  }

  get queue(): QueueRepository {
    return new SqliteQueueRepository(this.#transaction, this.#statements.readQueue, this.#statements.writeQueue);
  }

  get limits(): LimitGateRepository {
    const { limitGateQueries, limitGateWrites } = this.#statements;
    return new SqliteLimitGates(this.#transaction, limitGateQueries, limitGateWrites);
  }

  get queueLimits(): QueueLimitRepository {
    const { queueLimitQueries, queueLimitWrites } = this.#statements;
    return new SqliteQueueLimits(this.#transaction, queueLimitQueries, queueLimitWrites);
  }

  get schedules(): ScheduleRepository {
    const { scheduleQueries, scheduleWrites } = this.#statements;
    return new SqliteScheduleRepository(this.#transaction, scheduleQueries, scheduleWrites);
  }

  get agents(): AgentRepository {
    const { agentQueries, agentWrites } = this.#statements;
    return new SqliteAgentRepository(this.#transaction, agentQueries, agentWrites);
  }

  get sessions(): SessionRepository {
    const { sessionQueries, sessionWrites } = this.#statements;
    return new SqliteSessionRepository(this.#transaction, sessionQueries, sessionWrites);
  }

  get prompts(): PromptRepository {
    const { promptQueries, promptWrites } = this.#statements;
    return new SqlitePromptRepository(this.#transaction, promptQueries, promptWrites);
  }

  get toolUses(): ToolUseRepository {
    const { toolUseQueries, toolUseWrites } = this.#statements;
    return new SqliteToolUseRepository(this.#transaction, toolUseQueries, toolUseWrites);
  }

  get transcripts(): TranscriptRepository {
    const { transcriptQueries, transcriptWrites } = this.#statements;
    return new SqliteTranscriptRepository(this.#transaction, transcriptQueries, transcriptWrites);
  }

  get observations(): ObservationRepository {
    const { observationQueries, observationWrites } = this.#statements;
    return new SqliteObservationRepository(this.#transaction, observationQueries, observationWrites);
  }

  get contexts(): HandedContextRepository {
    const { contextQueries, contextWrites } = this.#statements;
    return new SqliteContextRepository(this.#transaction, contextQueries, contextWrites);
  }

  get permissions(): PermissionRepository {
    const { permissionQueries, permissionWrites } = this.#statements;
    return new SqlitePermissionRepository(this.#transaction, permissionQueries, permissionWrites);
  }

  get dueSummaries(): DueSummaries {
    const { summaryQueries, summaryWrites } = this.#statements;
    return new SqliteDueSummaries(this.#transaction, summaryQueries, summaryWrites);
  }

  get ledger(): ModelLedger {
    const { ledgerQueries, ledgerWrites } = this.#statements;
    return new SqliteModelLedger(this.#transaction, ledgerQueries, ledgerWrites);
  }

  get usage(): UsageLedger {
    const { usageQueries, usageWrites } = this.#statements;
    return new SqliteUsageLedger(this.#transaction, usageQueries, usageWrites);
  }

  get vectors(): VectorIndex {
    const { vectorQueries, vectorWrites } = this.#statements;
    return new SqliteVectorIndex(this.#transaction, vectorQueries, vectorWrites);
  }

  get workspaces(): WorkspaceRepository {
    const { workspaceQueries, workspaceWrites } = this.#statements;
    return new SqliteWorkspaceRepository(this.#transaction, workspaceQueries, workspaceWrites);
  }

  get importedRows(): ImportedRows {
    return new SqliteImportedRows(this.#transaction, this.#statements.importedRows);
  }

  get events(): EventAppender {
    return this.#log.appender(this.#transaction);
  }
}
