import type { StopReceipt } from '../../domain/agent/agent.js';

/** One program to run to its end, under supervision. */
export interface ProcessRequest {
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
  /** Marks the program and all it starts, as CW_RUN_ID. */
  readonly runId: string;
  /** Absolute path of the file that holds the agent's token; told as CW_TOKEN_FILE. */
  readonly tokenFile?: string | undefined;
  /** The file that standard output and standard error are appended to. Its directory exists. */
  readonly outputFile: string;
  /** The file that standard input is read from; null for none. */
  readonly inputFile: string | null;
  /** Longest duration, in milliseconds. */
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
export type ProcessStart =
  | { readonly started: true; readonly pid: number; readonly end: Promise<ProcessEnd> }
  | { readonly started: false; readonly problem: string; readonly temporary: boolean };

/** Runs programs. `end` never rejects for what the program does, and resolves when none of its processes is left. */
export type StartProcess = (request: ProcessRequest) => Promise<ProcessStart>;
