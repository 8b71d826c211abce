import type { StopReceipt } from '../../domain/agent/agent.js';
import type { AgentId } from '../../domain/shared/id.js';
import type { ProcessEnd } from './program-runner.js';

/** A program that speaks JSON lines on its standard input and output. */
export interface AgentProcessRequest {
  /** Names the directory of its output. */
  readonly agentId: AgentId;
  /** Numbers the processes of one agent, from 1: each has files of its own. */
  readonly number: number;
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute path of the directory to work in. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly passEnv?: readonly string[] | undefined;
  /** Marks the program and all it starts, as CW_RUN_ID. */
  readonly runId: string;
  readonly tokenFile?: string | undefined;
}

/**
 * One line of its output. `end` is the byte after it. `message` is the JSON that it holds, undefined for a line that
 * holds none. Texts in it that are longer than MAX_MESSAGE_TEXT are cut in the middle.
 */
export interface OutputMessage {
  readonly message: unknown;
  readonly end: number;
}

/** Longest line that is read, in bytes; a longer one counts as one that holds no JSON. Agents send whole files in one. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** Longest text within a message of a long line, in UTF-16 code units; memory keeps far less of a tool's result. */
export const MAX_MESSAGE_TEXT = 1_048_576;

/** A running program. What it writes goes to files, so that it never waits for a reader and a reader may come later. */
export interface AgentProcess {
  readonly pid: number;
  /**
   * How many lines it was sent since it started, by this server and those before: whether one that was under way when a
   * server died has arrived. 0 for one that has ended.
   */
  sent(): number;
  /** Writes one line, without its line feed, to its standard input. Throws `unavailable` when it has ended. */
  send(line: string): Promise<void>;
  /** Ends its standard input. Idempotent. */
  closeInput(): Promise<void>;
  /**
   * Its output from this byte on, line by line, as long as it runs and until all is read; or until the signal is
   * aborted, without an error. Any number of readers.
   */
  messages(from: number, signal: AbortSignal): AsyncIterable<OutputMessage>;
  /** Where its output ends now, in bytes. */
  size(): Promise<number>;
  /** The end of its standard error output, for a message to a person. */
  errorTail(): Promise<string>;
  /** Notes what runs of it by now as its own, such as its helpers: called once, before its first prompt. Never rejects. */
  settle(): Promise<void>;
  /**
   * Whether anything of its run lives that did not when it settled, such as a tool. True also where that cannot be
   * told: it never settled, was started by an earlier server, or nobody can look. Costs a look at the process table.
   */
  hasGrown(): Promise<boolean>;
  /** Resolves when it and all that it started are gone, however that came about. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** Ends it and all that it started. Idempotent. */
  stop(): Promise<StopReceipt>;
}

/** Programs of agents, each under a supervisor of its own that outlives a server. */
export interface AgentProcesses {
  /** Throws a DomainError `unavailable`, in one sentence, when it cannot be started. */
  start(request: AgentProcessRequest): Promise<AgentProcess>;
  /** A process that an earlier server started. Null when neither it nor its end is to be found. */
  attach(request: Pick<AgentProcessRequest, 'agentId' | 'number' | 'runId'>): Promise<AgentProcess | null>;
}
