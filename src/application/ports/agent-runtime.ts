import type { StopReceipt } from '../../domain/agent/agent.js';
import type { AgentProfile } from '../../domain/agent/agent-profile.js';
import type { TaskError, TaskResult } from '../../domain/task/task.js';

/** One prompt to an agent. */
export interface Turn {
  readonly prompt: string;
  /** Absolute path of the directory to work in. */
  readonly workspace: string;
  /** Where the agent's output goes; `attempt` is the name that RunFiles gives it. */
  readonly attempt: string;
  /** Longest duration; over it the turn ends with a `timeout`. */
  readonly timeoutMs: number;
  /** Aborted to cut the turn short; its end is then `aborted`. */
  readonly signal: AbortSignal;
}

/** What a turn ran, for an agent that runs one command in a turn and nothing else. */
export interface Ran {
  /** As a person would write it into a terminal. */
  readonly command: string;
  /** Absolute path of the directory that it ran in. */
  readonly workspace: string;
  /** The end of what it wrote; empty when there is none. */
  readonly output: string;
}

/** How a turn ended. By then none of the processes that it started is left, as the receipt says. */
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
      readonly receipt: StopReceipt;
      readonly ran?: Ran | undefined;
    }
  | { readonly outcome: 'aborted'; readonly receipt: StopReceipt };

/** What an agent says while it works, whatever its protocol. The last one is always `turn_end`. */
export type AgentUpdate =
  | { readonly type: 'progress'; readonly message: string; readonly fraction: number | null }
  | { readonly type: 'turn_end'; readonly end: TurnEnd };

/** An agent that has been started and takes one turn at a time. */
export interface RunningAgent {
  /** Never throws for what the agent does; every fault of its is a `turn_end`. */
  prompt(turn: Turn): AsyncIterable<AgentUpdate>;
  /** Ends the agent and all it started. Idempotent. */
  stop(): Promise<StopReceipt>;
}

/** Starts agents of one protocol. */
export interface AgentRuntime {
  /** Throws a DomainError `unavailable` when the agent cannot be started. */
  start(request: {
    readonly profile: AgentProfile;
    /** Carried as CW_RUN_ID by every process of the agent. */
    readonly runId: string;
    /** Holds the agent's token; every process of the agent is told of it as CW_TOKEN_FILE. */
    readonly tokenFile?: string | undefined;
    readonly signal: AbortSignal;
  }): Promise<RunningAgent>;
}

/** Ends what a dead server left behind: every process that carries one of these run ids. */
export type SweepRuns = (runIds: readonly string[]) => Promise<StopReceipt>;
