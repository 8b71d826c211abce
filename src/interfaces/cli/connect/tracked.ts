import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import type { Variables } from '../../../environment.js';
import { findProgram } from '../../../find-program.js';

/** Longest run of git, in milliseconds: it reads one index. */
const TIME_LIMIT_MS = 10_000;

/** Whether a repository tracks this file, which must be there. Without git nothing is known to. */
export function isTracked(file: string, variables: Variables): Promise<boolean> {
  const git = findProgram('git', { path: variables['PATH'], pathExtensions: variables['PATHEXT'] });
  if (git === null) return Promise.resolve(false);
  // A repository's own configuration may run no program at a mere look.
  const args = ['--no-optional-locks', '-c', 'core.fsmonitor=false', 'ls-files', '--error-unmatch', '--', file];
  const { PATH, HOME } = variables;
  const options = { cwd: dirname(file), env: { PATH, HOME, LC_ALL: 'C' }, timeout: TIME_LIMIT_MS, windowsHide: true };
  return new Promise((resolve) => execFile(git, args, options, (error) => resolve(error === null)));
}
