import { EXIT, type ExitCode } from '../../exit-codes.js';

/** Ends the command with this exit code and one sentence for people on stderr. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The user wrote something that cannot be meant. */
export function usageError(message: string): CliError {
  return new CliError(EXIT.usage, message);
}
