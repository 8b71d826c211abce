import type { StopReceipt } from '../../../domain/agent/agent.js';

/**
 * What a server and a supervisor say to each other: one JSON value a line. The server asks, every question has a number
 * and gets one answer with it; the supervisor tells on its own when the program has ended.
 */

/** File descriptor, in the supervisor, of the channel to the server that started it. */
export const CHANNEL = 3;

/** The first line of the server that starts a supervisor, on the channel that only these two have; its answer has the number 0. */
export interface Opening {
  readonly agentId: string;
  readonly runId: string;
  /** What another server must know to be listened to; kept in a file for this user alone. */
  readonly secret: string;
  /** Absolute path, without symbolic links, of the agent's directory. */
  readonly directory: string;
  /** How long the program goes on without any server, in milliseconds. */
  readonly leaseMs: number;
  /** Time between SIGTERM and SIGKILL, in milliseconds; the usual one if left out. */
  readonly graceMs?: number | undefined;
}

/** A program to start. Files are absolute paths, without symbolic links. */
export interface ProgramStart {
  /** Names the program among those of one agent, and the file that tells of its end. */
  readonly name: string;
  /**
   * Whether one of this name that was started before is answered, running or ended, in place of a second one: whoever
   * does not know if the server before got as far begins it exactly once.
   */
  readonly once: boolean;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Its standard input: what is sent, a file, or nothing. */
  readonly input: { readonly from: 'server' | 'nothing' } | { readonly from: 'file'; readonly path: string };
  /** Where standard output and standard error are appended to; they may be one file. */
  readonly output: string;
  readonly errors: string;
  /** Most that the output may hold, in bytes; over it the program is ended. Null for no limit. */
  readonly maxOutputBytes: number | null;
}

/** Why a program was ended: a server wanted it so or was away for too long, its time was over, or it wrote too much. */
export type StopReason = 'aborted' | 'timeout' | 'flooded';

export type Command =
  /** The first line of a server that comes later. */
  | { readonly do: 'hello'; readonly secret: string }
  | { readonly do: 'start'; readonly start: ProgramStart }
  /** Lines are numbered from 1 for each program; one that was taken before is not written again. */
  | { readonly do: 'send'; readonly name: string; readonly sequence: number; readonly line: string }
  | { readonly do: 'close'; readonly name: string }
  /** Ends the program and all of the run. The first reason counts. */
  | { readonly do: 'stop'; readonly why: Exclude<StopReason, 'flooded'> }
  /** This server needs the supervisor no more; with no program it ends. */
  | { readonly do: 'leave' };

export type Question = Command & { readonly id: number };

/** The program that runs. `startedAt` is the process table's own unit, null where it could not be told. */
export interface RunningProgram {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: number | null;
  /** Lines that were taken. */
  readonly sent: number;
}

/** How a program ended; `stopped` says why we ended it, null when it ended by itself. The file `<name>.end.json` holds it. */
export interface ProgramEnd {
  readonly pid: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stopped: StopReason | null;
  readonly receipt: StopReceipt;
}

/** The system's own words about something that failed. */
export interface Problem {
  readonly code: string | undefined;
  readonly path: string | undefined;
  readonly message: string;
}

/** What a question found out or brought about. */
export interface Outcome {
  /** To `hello`. */
  readonly runId?: string;
  /** To `hello`, if one runs, and to `start`. */
  readonly program?: RunningProgram;
  /** To `start` of a program that was started before and has ended. */
  readonly end?: ProgramEnd;
  /** To `stop`. */
  readonly receipt?: StopReceipt;
}

export type Answer =
  | { readonly id: number; readonly problem: Problem }
  | (Outcome & { readonly id: number; readonly problem?: undefined });

/** Told to every server that is connected. */
export interface Notice {
  readonly ended: { readonly name: string; readonly end: ProgramEnd };
}

/** Name of the socket in the agent's directory. */
export const SOCKET_NAME = 's';
/** Name of the file with the secret. */
export const SECRET_NAME = 'secret';

/** Where it is kept how a program ended. */
export function endFileName(name: string): string {
  return `${name}.end.json`;
}
