import type { StopReceipt } from '../../domain/agent/agent.js';
import type { AgentProfile } from '../../domain/agent/agent-profile.js';
import type { AgentId, SessionId } from '../../domain/shared/id.js';
import type { AgentUpdate } from './agent-update.js';

/** The conversation that a turn belongs to. */
export interface Conversation {
  readonly sessionId: SessionId;
  /** The agent's own id for it, under which it is taken up again; null for one that has not begun. */
  readonly providerSessionId: string | null;
  /** What was said and done so far, for an agent that cannot take the conversation up again and begins anew. */
  handOver(): Promise<string>;
}

/** One prompt to an agent. */
export interface Turn {
  readonly prompt: string;
  /** Absolute path of the directory to work in. */
  readonly workspace: string;
  /** Where the agent's output goes; `attempt` is the name that RunFiles gives it. */
  readonly attempt: string;
  /** Absolute path of the file with what the tasks gave that this one comes after; a program is told of it as CW_RESULTS. */
  readonly resultsFile?: string | undefined;
  /** Longest duration, in milliseconds; over it the turn ends with a `timeout`. */
  readonly timeoutMs: number;
  /** How much of that is over, for one that is gone on with; none if left out. */
  readonly spentMs?: number | undefined;
  readonly conversation: Conversation;
  /** Aborted to cut the turn short; its end is then `aborted`. */
  readonly signal: AbortSignal;
}

/** How a permission was decided. `always` means for the rest of the conversation, where the agent knows that. */
export type PermissionAnswer =
  | { readonly behavior: 'allow'; readonly always: boolean }
  /** `message` is told to the agent. */
  | { readonly behavior: 'deny'; readonly message: string };

/**
 * An agent that has been started and takes one turn at a time. A turn is read by pulling: what an update tells has been
 * stored when the next one is asked for, so nothing is sent to the agent before what leads to it is safe.
 */
export interface RunningAgent {
  /** Never throws for what the agent does; every fault of its is a `turn_end`, which is always the last update. */
  prompt(turn: Turn): AsyncIterable<AgentUpdate>;
  /**
   * Goes on with the turn that was under way when the server died, for an agent that was taken over: tells all its
   * updates again from the turn's begin. Absent where an agent cannot be taken over.
   */
  resume?(turn: Turn): AsyncIterable<AgentUpdate>;
  /** Says something more into the running turn. False when it can take nothing any more. Absent where the protocol cannot. */
  steer?(text: string): Promise<boolean>;
  /** Answers a `permission` update. An answer that comes too late is dropped. Absent where nothing is ever asked. */
  answer?(requestId: string, answer: PermissionAnswer): Promise<void>;
  /**
   * Whether a process waits for the next turn, with which a later server can go on. Absent where none ever does, or where
   * an agent cannot be taken over.
   */
  isWarm?(): boolean;
  /** Ends the agent and all it started. Idempotent. */
  stop(): Promise<StopReceipt>;
}

/** One agent to start. */
export interface AgentStart {
  readonly agentId: AgentId;
  readonly profile: AgentProfile;
  /** Carried as CW_RUN_ID by every process of the agent. */
  readonly runId: string;
  /** Holds the agent's token; every process of the agent is told of it as CW_TOKEN_FILE. */
  readonly tokenFile?: string | undefined;
  readonly signal: AbortSignal;
}

/** What came of greeting an agent's program. */
export interface Greeting {
  /** As it tells; null where it does not. */
  readonly version: string | null;
  /** Why it cannot be spoken with, in one sentence; null when it answered as it must. */
  readonly problem: string | null;
}

/** One agent to greet. */
export interface AgentToCheck extends AgentStart {
  /** Absolute path of the directory that it is started in. */
  readonly workspace: string;
  /** Longest wait for its answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** An agent that an earlier server started. */
export interface AgentLeft extends AgentStart {
  /** What its last `mark` update said; null when there was none. */
  readonly mark: string | null;
  /** The attempt that it was at last; see `Turn`. */
  readonly attempt: string;
  /** True when no turn is under way: a process that waits for the next one is taken over, and none that has ended. */
  readonly isIdle?: boolean | undefined;
}

/** Starts agents of one protocol. */
export interface AgentRuntime {
  /** Throws a DomainError `unavailable` when the agent cannot be started. */
  start(request: AgentStart): Promise<RunningAgent>;
  /** Takes over an agent of an earlier server. Null when it is gone. Absent where agents cannot be taken over. */
  attach?(request: AgentLeft): Promise<RunningAgent | null>;
  /** True where `attach` finds a turn by the name of its attempt, so that a turn can be left before it has told a mark. */
  readonly findsByAttempt?: boolean;
  /**
   * Starts an agent's program, exchanges the protocol's greeting and ends it with all it started. Never throws for what
   * the program does. Absent where there is no protocol to be greeted in.
   */
  check?(request: AgentToCheck): Promise<Greeting & { readonly receipt: StopReceipt }>;
}

/** Ends what a dead server left behind: every process that carries one of these run ids. */
export type SweepRuns = (runIds: readonly string[]) => Promise<StopReceipt>;
