import type { AgentId, SessionId, TaskId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { ExpiredRuns, RunLimits } from '../../domain/task/expired-runs.js';

/** Before which moment each kind has ended its time; 0 where all is kept. */
export interface ExpiryMoments {
  readonly now: Timestamp;
  readonly events: Timestamp;
  readonly tasks: Timestamp;
  readonly toolUseTexts: Timestamp;
  readonly agents: Timestamp;
}

export interface ExpiredCounts {
  readonly events: number;
  readonly tasks: number;
  readonly agents: number;
  readonly toolUseTexts: { readonly rows: number; readonly bytes: number };
}

/** A tool use whose texts may go; `bytes` is how long they are. */
export interface ExpiredText {
  readonly sessionId: SessionId;
  readonly toolUseId: string;
  readonly bytes: number;
}

/** Finds what has ended its time, off the main thread; what it finds may be another matter by the time it is removed. */
export interface Expired {
  count(moments: ExpiryMoments, signal: AbortSignal): Promise<ExpiredCounts>;
  /** Up to `limit` finished tasks that may go, oldest first. */
  tasks(before: Timestamp, limit: number, signal: AbortSignal): Promise<TaskId[]>;
  /** Up to `limit` agents that ended before, oldest first. */
  agents(before: Timestamp, limit: number, signal: AbortSignal): Promise<AgentId[]>;
  /** Up to `limit` tool uses that were distilled before, oldest first; none that a model is to try again. */
  toolUseTexts(before: Timestamp, limit: number, signal: AbortSignal): Promise<ExpiredText[]>;
  /** Up to `limit` of the runs that may go, and how many and how large all of those are. */
  runs(limits: RunLimits, limit: number, signal: AbortSignal): Promise<ExpiredRuns>;
  /** Removes what these attempts have left; gives the names of those that are gone, and why another one is not. */
  removeRuns(
    attempts: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly removed: readonly string[]; readonly problem: string | null }>;
}
