import { execFileSync } from 'node:child_process';
import { findProgram } from '../../src/find-program.js';
import { createGitProgram } from '../../src/infrastructure/git/git-program.js';
import { createGitRepositories } from '../../src/infrastructure/git/git-repositories.js';

/** Whether there is a git to make repositories with. */
export const HAS_GIT = findProgram('git', { path: process.env['PATH'] }) !== null;

/** Runs git in a directory, apart from the user's own settings, and gives what it prints. */
export function git(directory: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...identity, ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  }).trimEnd();
}

/** Makes a repository with one commit on `main`, and gives that commit. */
export function initRepository(directory: string): string {
  git(directory, 'init', '--quiet', '--initial-branch=main');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message=first');
  return git(directory, 'rev-parse', 'HEAD');
}

/** The adapter, with these environment variables beside PATH. */
export function openRepositories(variables: Record<string, string> = {}, path = process.env['PATH'] ?? '') {
  const program = createGitProgram({
    findProgram: async (command) => findProgram(command, { path }),
    variables: { PATH: path, HOME: '/nonexistent', ...variables },
  });
  return createGitRepositories({ git: program });
}
