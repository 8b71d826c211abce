import type { StopReceipt } from '../../domain/agent/agent.js';
import type { AgentId } from '../../domain/shared/id.js';

/** One program to run to its end, under supervision. */
export interface ProgramRequest {
  /** Names the program among those of its agent, and may be the name of a file. */
  readonly name: string;
  /**
   * True to go on with a program of this name that an earlier server started, whether it runs or has ended. It is started
   * if none was, so that it runs once, wherever that server died.
   */
  readonly resume: boolean;
  /** Absolute path of the program. */
  readonly program: string;
  /** Its arguments, one by one; no shell ever looks at them. */
  readonly args: readonly string[];
  /** Absolute path of the directory to work in. */
  readonly cwd: string;
  /** Variables that the profile sets. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Names of variables that the profile passes on from the server's own environment. */
  readonly passEnv?: readonly string[] | undefined;
  /** Absolute path of the file that holds the agent's token; told as CW_TOKEN_FILE. */
  readonly tokenFile?: string | undefined;
  /** Absolute path of the file with the results that it may need; told as CW_RESULTS. */
  readonly resultsFile?: string | undefined;
  /** The file that standard output and standard error are appended to. Its directory exists. */
  readonly outputFile: string;
  /** The file that standard input is read from; null for none. */
  readonly inputFile: string | null;
  /** Longest duration from now on, in milliseconds. */
  readonly timeoutMs: number;
  /** Aborted to end it early. */
  readonly signal: AbortSignal;
}

/**
 * How a supervised program ended. `receipt` counts what had to be ended: the program itself when it was cut short, and
 * whatever it had left running. `flooded` means that it wrote more output than one program may.
 */
export type ProcessEnd =
  | { readonly how: 'exited'; readonly exitCode: number; readonly receipt: StopReceipt }
  | { readonly how: 'killed'; readonly signal: string; readonly receipt: StopReceipt }
  | { readonly how: 'timeout' | 'aborted' | 'flooded'; readonly receipt: StopReceipt };

/** A program that runs, or one sentence about why it could not be started; `temporary` means that a later try may work. */
export type ProgramStart =
  | { readonly started: true; readonly pid: number; readonly end: Promise<ProcessEnd> }
  | { readonly started: false; readonly problem: string; readonly temporary: boolean };

/** Runs the programs of one agent, one after the other, under a supervisor that outlives this server. */
export interface ProgramRunner {
  /** `end` never rejects for what the program does, and resolves when none of its processes is left. */
  run(request: ProgramRequest): Promise<ProgramStart>;
  /** Parts with the supervisor, which ends if nothing runs. Resolves when it writes no more. Idempotent. */
  release(): Promise<void>;
}

/** The run of an agent: every process of its carries `runId` as CW_RUN_ID. */
export interface AgentRun {
  readonly agentId: AgentId;
  readonly runId: string;
}

export interface ProgramRunners {
  /** A runner whose supervisor is being started meanwhile; one that cannot be started is told by the first program. */
  open(run: AgentRun): ProgramRunner;
  /** The runner of an agent of an earlier server at this program. Null when it is gone, or at another one. */
  find(run: AgentRun, name: string): Promise<ProgramRunner | null>;
}
