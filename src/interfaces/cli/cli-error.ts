import { EXIT, type ExitCode } from '../../exit-codes.js';

/** Ends the command with this exit code and one sentence for people on stderr; `details` are lines shown below it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  readonly details: string;

  constructor(exitCode: ExitCode, message: string, details = '') {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** The user wrote something that cannot be meant. */
export function usageError(message: string): CliError {
  return new CliError(EXIT.usage, message);
}
