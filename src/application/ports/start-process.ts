import type { ProgramRequest, ProgramStart } from './program-runner.js';

/** A program that ends with this server at the latest. */
export interface ProcessRequest extends Omit<ProgramRequest, 'name' | 'resume'> {
  /** Marks the program and all it starts, as CW_RUN_ID. */
  readonly runId: string;
}

/** Runs a short program that no other server would have any use for, without a supervisor. What agents do has a ProgramRunner. */
export type StartProcess = (request: ProcessRequest) => Promise<ProgramStart>;
