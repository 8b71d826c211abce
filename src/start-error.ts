import type { ExitCode } from './exit-codes.js';

/** Why a server did not start: one sentence for the user, and what the process ends with. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
