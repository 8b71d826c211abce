import { join } from 'node:path';
import { DomainError } from '../../domain/shared/domain-error.js';

/** One path segment that cannot be `.` or `..`, as `attemptName` writes it. */
const ATTEMPT_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** Where an attempt's files are. */
export interface AttemptPaths {
  readonly directory: string;
  readonly output: string;
  readonly prompt: string;
  readonly results: string;
}

/** The paths of an attempt. Throws `invalid_input` for a name that could lead out of `runsDirectory`. */
export function attemptPaths(runsDirectory: string, attempt: string): AttemptPaths {
  if (!ATTEMPT_NAME.test(attempt)) {
    throw new DomainError('invalid_input', `"${attempt.slice(0, 60)}" is not the name of an attempt.`);
  }
  const directory = join(runsDirectory, attempt);
  return {
    directory,
    output: join(directory, 'output.log'),
    prompt: join(directory, 'prompt.txt'),
    results: join(directory, 'results.json'),
  };
}
