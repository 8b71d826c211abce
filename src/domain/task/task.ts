import { z } from 'zod';
import { AgentId, SessionId, TaskId, WorkspaceId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';
import { OnFailure } from './dependency.js';
import { RetryRules } from './retry-rules.js';

/** Longest prompt, in UTF-16 code units: with JSON around it, it stays under the 1 MiB that a request may have. */
export const MAX_PROMPT_LENGTH = 262_144;
/** Longest unique key; it is an index entry, so it stays well under one database page. */
export const MAX_UNIQUE_LENGTH = 500;
/** Longest id of a request, in characters: a UUID nearly three times over. */
export const MAX_REQUEST_ID_LENGTH = 100;
/** Priorities run from −1,000 to 1,000; more grades than that are a mistake in the caller's units. */
export const MAX_PRIORITY = 1_000;
/** More attempts than this are a loop, not a retry. */
export const MAX_ATTEMPTS = 100;
/** Most tasks that one task may come after; more belong behind one joining task. */
export const MAX_DEPENDENCIES = 10_000;
/** Longest time limit of an attempt: 30 days, in milliseconds. */
export const MAX_TIMEOUT_MS = 30 * 24 * 3_600_000;
/** Latest start of a task: the year 2100. Later is a mistake in units. */
export const MAX_RUN_AT = 4_102_444_800_000;
/** Longest delay: ten years, in milliseconds. A longer one is a mistake in units. */
export const MAX_DELAY_MS = 3_650 * 86_400_000;

export const ProfileName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'An agent profile is named with 1 to 64 letters, digits, ".", "_" or "-".',
  );
export type ProfileName = z.infer<typeof ProfileName>;

export const GroupName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}$/,
    'A group is named with 1 to 100 letters, digits, ".", "_", ":", "/", "@" or "-", the first one a letter or digit.',
  );
export type GroupName = z.infer<typeof GroupName>;

/** Longest period for which a unique key can forbid another task: a year, in milliseconds. */
const MAX_UNIQUE_PERIOD_MS = 365 * 24 * 3_600_000;

const PERIOD = `A period is a whole number of milliseconds from 1 to ${String(MAX_UNIQUE_PERIOD_MS)}.`;

/**
 * Which task stands for a new one that has its unique key: one that waits and does not run, one that has not finished,
 * or one that was enqueued within the last so many milliseconds.
 */
export const UniqueScope = z.union([
  z.enum(['waiting', 'unfinished']),
  z.strictObject({ periodMs: z.int(PERIOD).min(1, PERIOD).max(MAX_UNIQUE_PERIOD_MS, PERIOD) }),
]);
export type UniqueScope = z.infer<typeof UniqueScope>;

/**
 * Why an attempt or a task did not succeed. `usage` means that trying again cannot help; `rate_limited` that the account
 * has reached a limit, and `parked` that a person must answer first: neither costs an attempt. `deadline` is the end of
 * the whole task, not of an attempt.
 */
export const TaskErrorCode = z.enum([
  'failed',
  'timeout',
  'crashed',
  'interrupted',
  'usage',
  'cancelled',
  'dependency_failed',
  'rate_limited',
  'parked',
  'deadline',
]);
export type TaskErrorCode = z.infer<typeof TaskErrorCode>;

export const TaskError = z.object({ code: TaskErrorCode, message: z.string() });
export type TaskError = z.infer<typeof TaskError>;

/** What a completed attempt gave. `text` is the end of the output when `truncated`; `bytes` is its whole size. */
export const TaskResult = z.object({
  text: z.string(),
  truncated: z.boolean(),
  bytes: z.int().nonnegative(),
  exitCode: z.int().nullable(),
});
export type TaskResult = z.infer<typeof TaskResult>;

const Asked = z.object({
  id: TaskId,
  prompt: z.string(),
  agent: ProfileName,
  /** The profile that takes it while the account of its agent has reached a limit. The two then change places. */
  fallback: ProfileName.nullable(),
  workspaceId: WorkspaceId,
  workspace: z.string(),
  priority: z.int(),
  runAt: Timestamp,
  maxAttempts: z.int().min(1),
  timeoutMs: z.int().min(1),
  after: z.array(TaskId),
  /** What becomes of it when a task that it comes after does not complete, where nothing else was said for that one. */
  onFailure: OnFailure,
  unique: z.string().nullable(),
  /** Null where there is no unique key. */
  uniqueScope: UniqueScope.nullable(),
  /** The tasks that share its limits. */
  group: GroupName.nullable(),
  /** When it has failed if it has not finished. */
  deadline: Timestamp.nullable(),
  /** How it is tried again; null for how the server does it. */
  retry: RetryRules.nullable(),
  createdAt: Timestamp,
});

/** `attempts` are those that count against `maxAttempts`; `epoch` numbers every claim and fences late results. */
const Tried = Asked.extend({
  attempts: z.int().nonnegative(),
  epoch: z.int().nonnegative(),
  startedAt: Timestamp.nullable(),
  sessionId: SessionId.nullable(),
});

const Waiting = Tried.extend({
  agentId: z.null(),
  finishedAt: z.null(),
  result: z.null(),
  error: TaskError.nullable(),
});

/** Waits until every task in `after` has completed; `waitingFor` of them have not. */
export const BlockedTask = Waiting.extend({ status: z.literal('blocked'), waitingFor: z.int().min(1) });
export type BlockedTask = z.infer<typeof BlockedTask>;

/** Waits for the time `runAt`. */
export const ScheduledTask = Waiting.extend({ status: z.literal('scheduled') });
export type ScheduledTask = z.infer<typeof ScheduledTask>;

/** Waits for an agent. */
export const PendingTask = Waiting.extend({ status: z.literal('pending') });
export type PendingTask = z.infer<typeof PendingTask>;

/** An agent works on it; `owner` is the instance id of the server that runs the agent. */
export const ProcessingTask = Tried.extend({
  status: z.literal('processing'),
  startedAt: Timestamp,
  agentId: AgentId,
  owner: z.string(),
  finishedAt: z.null(),
  result: z.null(),
  error: TaskError.nullable(),
});
export type ProcessingTask = z.infer<typeof ProcessingTask>;

const Finished = Tried.extend({ agentId: AgentId.nullable(), finishedAt: Timestamp });

export const CompletedTask = Finished.extend({
  status: z.literal('completed'),
  agentId: AgentId,
  result: TaskResult,
  error: z.null(),
});
export type CompletedTask = z.infer<typeof CompletedTask>;

export const FailedTask = Finished.extend({ status: z.literal('failed'), result: z.null(), error: TaskError });
export type FailedTask = z.infer<typeof FailedTask>;

export const CancelledTask = Finished.extend({ status: z.literal('cancelled'), result: z.null(), error: TaskError });
export type CancelledTask = z.infer<typeof CancelledTask>;

/**
 * A unit of work asked of an agent.
 *
 * ```
 *  blocked ──dependencies completed──▶ pending ──claim──▶ processing ──▶ completed
 *     │  └──dependency failed──▶ failed  ▲   ▲                │  │  └─no attempt left──▶ failed
 *     │             scheduled ──due──────┘   │                │  └─attempt left──▶ scheduled (backoff)
 *     │              ▲                       └────────────────┼─interrupted: attempt not counted
 *     │              └─parked: attempt not counted────────────┘
 *     └──────── cancel: from blocked, scheduled, pending and processing ──▶ cancelled
 *  failed, cancelled ──retry──▶ pending or blocked
 * ```
 */
export const Task = z.discriminatedUnion('status', [
  BlockedTask,
  ScheduledTask,
  PendingTask,
  ProcessingTask,
  CompletedTask,
  FailedTask,
  CancelledTask,
]);
export type Task = z.infer<typeof Task>;

export const TaskStatus = z.enum(['blocked', 'scheduled', 'pending', 'processing', 'completed', 'failed', 'cancelled']);
export type TaskStatus = z.infer<typeof TaskStatus>;

export type WaitingTask = BlockedTask | ScheduledTask | PendingTask;
export type FinishedTask = CompletedTask | FailedTask | CancelledTask;

/** True for a task that no transition but `retry` can move. */
export function isFinished(task: Task): task is FinishedTask {
  return task.status === 'completed' || task.status === 'failed' || task.status === 'cancelled';
}
