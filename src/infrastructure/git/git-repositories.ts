import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repositories } from '../../application/ports/repositories.js';
import { type GitFacts, NO_GIT } from '../../domain/workspace/workspace.js';
import { findGitDirectory, type GitDirectories } from './find-git-directory.js';
import type { GitProgram } from './git-program.js';
import { isDirty } from './is-dirty.js';
import { readHead } from './read-head.js';
import { createReadRemote } from './read-remote.js';

/** Repositories whose root commit is remembered, some 200 bytes each; past that the memory starts afresh. */
const MAX_REMEMBERED = 1_000;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Repositories on this machine's disk, read from their files; `git` is asked for a root commit and for what is dirty. */
export function createGitRepositories({ git }: { readonly git: GitProgram }): Repositories {
  const readRemote = createReadRemote();
  const roots = new Map<string, string>();

  async function factsOf(directories: GitDirectories): Promise<GitFacts> {
    const [{ branch, commit }, remote] = await Promise.all([readHead(directories), readRemote(directories.common)]);
    return { repository: remote ?? roots.get(directories.common) ?? null, branch, head: commit, dirty: null };
  }

  /**
   * The oldest commit that has no parent, which every clone and worktree has in common. Of all branches, because an
   * unrelated one may be checked out. A shallow clone does not know it.
   */
  async function rootOf({ root, common }: GitDirectories, signal: AbortSignal): Promise<string | null> {
    if ((await lstat(join(common, 'shallow')).catch(() => null)) !== null) return null;
    const answer = await git(root, ['rev-list', '--max-parents=0', '--date-order', 'HEAD', '--all'], { signal });
    const commit = answer.how === 'done' ? answer.output.trimEnd().split('\n').at(-1) : undefined;
    if (commit === undefined || !COMMIT.test(commit)) return null;
    if (roots.size >= MAX_REMEMBERED) roots.clear();
    roots.set(common, `root:${commit}`);
    return `root:${commit}`;
  }

  return {
    async find(directory) {
      const directories = await findGitDirectory(directory);
      return directories === null ? null : { root: directories.root, git: await factsOf(directories) };
    },
    async inspect(directory, signal) {
      const directories = await findGitDirectory(directory);
      if (directories === null) return NO_GIT;
      const facts = await factsOf(directories);
      const repository = facts.repository ?? (facts.head === null ? null : await rootOf(directories, signal));
      return { ...facts, repository, dirty: await isDirty(git, directories.root, signal) };
    },
  };
}
