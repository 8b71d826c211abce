import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import type { DomainErrorCode } from '../../../src/domain/shared/domain-error.js';
import { ConfigurationError } from '../../../src/environment.js';
import { EXIT, type ExitCode } from '../../../src/exit-codes.js';
import { CliError } from '../../../src/interfaces/cli/cli-error.js';
import { describeFailure } from '../../../src/interfaces/cli/describe-failure.js';
import { UnreachableError } from '../../../src/interfaces/client/failure.js';

const LOG = '/home/logs/server.log';

describe('what a command ends with', () => {
  const byReason: Record<DomainErrorCode, ExitCode> = {
    not_found: 3,
    invalid_transition: 4,
    conflict: 4,
    invalid_input: 2,
    limit_exceeded: 1,
    unavailable: 1,
    forbidden: 1,
  };

  it.each(Object.entries(byReason))('for a refusal because of %s is %i', (reason, exitCode) => {
    const error = refusal('There is no task task_X.', { reason });
    expect(describeFailure(error, LOG)).toEqual({ exitCode, sentence: 'There is no task task_X.' });
  });

  it('for a mistake of the user, or a setting, is what the error says', () => {
    expect(describeFailure(new CliError(EXIT.portTaken, 'Taken.'), LOG)).toEqual({ exitCode: 69, sentence: 'Taken.' });
    expect(describeFailure(new ConfigurationError('Bad.'), LOG)).toEqual({ exitCode: 78, sentence: 'Bad.' });
  });

  it('for a server that is gone is a failure, with its address', () => {
    const error = TRPCClientError.from(new UnreachableError('ECONNREFUSED', 'No server answers at /cw.sock.'));
    expect(describeFailure(error, LOG)).toEqual({ exitCode: 1, sentence: 'No server answers at /cw.sock.' });
  });

  it('for a bug is one sentence that names the log, without a stack', () => {
    for (const error of [new TypeError('x is not a function'), refusal('x is not a function', { reason: null })]) {
      expect(describeFailure(error, LOG)).toEqual({
        exitCode: 1,
        sentence: `Something unexpected went wrong: x is not a function. The server's log is ${LOG}.`,
      });
    }
    expect(describeFailure('a string', undefined).sentence).toBe('Something unexpected went wrong: a string.');
  });

  it('is harmless on a terminal and not too long', () => {
    expect(describeFailure(new CliError(EXIT.usage, 'a\u001b[2Jb\nc'), LOG).sentence).toBe('a\\x1b[2Jb\\nc');
    expect(describeFailure(new CliError(EXIT.usage, 'x'.repeat(5_000)), LOG).sentence).toHaveLength(1_001);
  });
});

/** An error as the client throws it for an answer of the server's. */
function refusal(message: string, data: object): TRPCClientError<never> {
  return TRPCClientError.from({ error: { message, code: -32600, data } } as never);
}
