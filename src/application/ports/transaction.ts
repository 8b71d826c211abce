import type { AgentReader, AgentRepository } from '../../domain/agent/agent-repository.js';
import type { HandedContextReader, HandedContextRepository } from '../../domain/context/handed-context-repository.js';
import type { ModelLedger, ModelLedgerReader } from '../../domain/distil/model-ledger.js';
import type { EventAppender } from '../../domain/event/event-log.js';
import type { LimitGateReader, LimitGateRepository } from '../../domain/limit/limit-gate-repository.js';
import type { ImportedRows } from '../../domain/memory/imported-rows.js';
import type { VectorIndex, VectorIndexReader } from '../../domain/memory/vector-index.js';
import type { ObservationReader, ObservationRepository } from '../../domain/observation/observation-repository.js';
import type { PermissionReader, PermissionRepository } from '../../domain/permission/permission-repository.js';
import type { QueueLimitReader, QueueLimitRepository } from '../../domain/queue-limit/queue-limit-repository.js';
import type { ScheduleReader, ScheduleRepository } from '../../domain/schedule/schedule-repository.js';
import type { PromptReader, PromptRepository } from '../../domain/session/prompt-repository.js';
import type { SessionReader, SessionRepository } from '../../domain/session/session-repository.js';
import type { ToolUseReader, ToolUseRepository } from '../../domain/session/tool-use-repository.js';
import type { TranscriptReader, TranscriptRepository } from '../../domain/session/transcript-repository.js';
import type { DueSummaries, DueSummariesReader } from '../../domain/summary/due-summaries.js';
import type { QueueReader, QueueRepository } from '../../domain/task/queue.js';
import type { TaskReader, TaskRepository } from '../../domain/task/task-repository.js';
import type { UsageLedger, UsageLedgerReader } from '../../domain/usage/usage-ledger.js';
import type { WorkspaceReader, WorkspaceRepository } from '../../domain/workspace/workspace-repository.js';

export interface Stores {
  readonly tasks: TaskRepository;
  readonly queue: QueueRepository;
  readonly limits: LimitGateRepository;
  readonly queueLimits: QueueLimitRepository;
  readonly schedules: ScheduleRepository;
  readonly agents: AgentRepository;
  readonly sessions: SessionRepository;
  readonly prompts: PromptRepository;
  readonly toolUses: ToolUseRepository;
  readonly transcripts: TranscriptRepository;
  readonly observations: ObservationRepository;
  readonly contexts: HandedContextRepository;
  readonly permissions: PermissionRepository;
  readonly dueSummaries: DueSummaries;
  readonly ledger: ModelLedger;
  readonly usage: UsageLedger;
  readonly vectors: VectorIndex;
  readonly workspaces: WorkspaceRepository;
  readonly importedRows: ImportedRows;
  readonly events: EventAppender;
}

/**
 * Runs `work` atomically and resolves with its value after the commit; rejects, with nothing written, when it throws.
 * Within it only the stores may be awaited: a transaction that leaves the microtask queue is refused with an error.
 */
export type Transaction = <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;

export interface ReadStores {
  readonly tasks: TaskReader;
  readonly queue: QueueReader;
  readonly limits: LimitGateReader;
  readonly queueLimits: QueueLimitReader;
  readonly schedules: ScheduleReader;
  readonly agents: AgentReader;
  readonly sessions: SessionReader;
  readonly prompts: PromptReader;
  readonly toolUses: ToolUseReader;
  readonly transcripts: TranscriptReader;
  readonly observations: ObservationReader;
  readonly contexts: HandedContextReader;
  readonly permissions: PermissionReader;
  readonly dueSummaries: DueSummariesReader;
  readonly ledger: ModelLedgerReader;
  readonly usage: UsageLedgerReader;
  readonly vectors: VectorIndexReader;
  readonly workspaces: WorkspaceReader;
  /** How many observations are kept, and how many captured tool uses wait to be distilled. */
  readonly memory: { counts(): Promise<{ observations: number; waiting: number }> };
}

/** Reads committed state. */
export type Read = <T>(work: (stores: ReadStores) => Promise<T>) => Promise<T>;
