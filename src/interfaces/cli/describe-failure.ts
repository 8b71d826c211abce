import type { DomainErrorCode } from '../../domain/shared/domain-error.js';
import { ConfigurationError } from '../../environment.js';
import { EXIT, type ExitCode } from '../../exit-codes.js';
import { failureOf } from '../client/failure.js';
import { CliError } from './cli-error.js';
import { escapeControls, escapeLines } from './output/escape-controls.js';

export interface Failure {
  readonly exitCode: ExitCode;
  /** One sentence for people, harmless on a terminal. */
  readonly sentence: string;
  /** Lines below it, harmless too. */
  readonly details?: string;
}

/** Longest sentence that is shown, in UTF-16 code units; some messages quote what they were given. */
const LONGEST_SENTENCE = 1_000;

/** The exit code for each refusal of the server's. */
const BY_REASON: Readonly<Record<DomainErrorCode, ExitCode>> = {
  not_found: EXIT.notFound,
  invalid_transition: EXIT.notAllowed,
  conflict: EXIT.notAllowed,
  invalid_input: EXIT.usage,
  limit_exceeded: EXIT.failed,
  unavailable: EXIT.failed,
  forbidden: EXIT.failed,
};

/** What to say about something that was thrown. `log` is where more may stand about what nobody expected. */
export function describeFailure(error: unknown, log: string | undefined): Failure {
  const { exitCode, sentence } = judge(error, log);
  const cut = sentence.length > LONGEST_SENTENCE ? `${sentence.slice(0, LONGEST_SENTENCE)}…` : sentence;
  const details = error instanceof CliError ? escapeLines(error.details).trimEnd() : '';
  return { exitCode, sentence: escapeControls(cut.trim()), ...(details !== '' && { details }) };
}

function judge(error: unknown, log: string | undefined): Failure {
  if (error instanceof CliError) return { exitCode: error.exitCode, sentence: error.message };
  if (error instanceof ConfigurationError) return { exitCode: EXIT.configuration, sentence: error.message };
  if (isSystemError(error)) return { exitCode: EXIT.failed, sentence: `The system refused: ${error.message}.` };
  const failure = failureOf(error);
  switch (failure.kind) {
    case 'refused':
      return { exitCode: BY_REASON[failure.reason], sentence: failure.message };
    case 'unreachable':
    case 'untrusted':
      return { exitCode: EXIT.failed, sentence: failure.message };
    case 'broken': {
      const where = log === undefined ? '' : ` The server's log is ${log}.`;
      return {
        exitCode: EXIT.failed,
        sentence: `Something unexpected went wrong: ${endSentence(failure.message)}${where}`,
      };
    }
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function endSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
