import type { StopReceipt } from '../../domain/agent/agent.js';
import type { LimitKind } from '../../domain/limit/limit-gate.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import type { RetryRuling } from '../../domain/task/retry-rules.js';
import type { TaskError, TaskResult } from '../../domain/task/task.js';

/** What a turn ran, for an agent that runs one command in a turn and nothing else. */
export interface Ran {
  /** As a person would write it into a terminal. */
  readonly command: string;
  /** Absolute path of the directory that it ran in. */
  readonly workspace: string;
  /** The end of what it wrote; empty when there is none. */
  readonly output: string;
}

/**
 * How a turn ended. By then none of the processes that it started is left, as the receipt says; what the tools of an agent
 * left running that waits for its next turn is the agent's, and ends with it.
 */
export type TurnEnd =
  | {
      readonly outcome: 'completed';
      readonly result: TaskResult;
      readonly receipt: StopReceipt;
      readonly ran?: Ran | undefined;
    }
  | {
      readonly outcome: 'failed';
      readonly error: TaskError;
      readonly exitCode: number | null;
      /** Of a `rate_limited` end: when the limit is reset; null where the agent does not say. */
      readonly resetsAt?: Timestamp | null | undefined;
      /** Of a `rate_limited` end: which kind of limit it is; `rate` when it is left out. */
      readonly limit?: LimitKind | undefined;
      /** What the agent itself says about another attempt; it comes before every rule but the number of attempts. */
      readonly retry?: RetryRuling | undefined;
      readonly receipt: StopReceipt;
      readonly ran?: Ran | undefined;
    }
  | { readonly outcome: 'aborted'; readonly receipt: StopReceipt };
