import type { GitProgram } from './git-program.js';

/** A status of this many bytes says that something is there; more need not be read. */
const SOME_BYTES = 1;

/** Whether something in this work tree is not committed; null when git cannot tell. */
export async function isDirty(git: GitProgram, root: string, signal: AbortSignal): Promise<boolean | null> {
  const filters = await withoutFilters(git, root, signal);
  if (filters === null) return null;
  // Within a submodule git would start itself once more, under that one's configuration: only its commit is compared.
  const args = [...filters, 'status', '--porcelain=v1', '-z', '--untracked-files=normal', '--ignore-submodules=dirty'];
  const answer = await git(root, args, { signal, maxBytes: SOME_BYTES });
  switch (answer.how) {
    case 'done':
      return answer.output !== '';
    case 'full':
      return true;
    case 'failed':
      return null;
  }
}

/** How `git config` says that nothing matches. */
const NO_SUCH_SETTING = 1;

/**
 * Settings that put the repository's own filters out of work: to compare a file with its commit, git runs the `clean`
 * program that the configuration names. The user's own go with them, so that a file of theirs (of git-lfs, say) counts
 * as dirty once it was touched. Null when one has a name that cannot be written as a setting.
 */
async function withoutFilters(git: GitProgram, root: string, signal: AbortSignal): Promise<string[] | null> {
  const list = ['config', '--includes', '--name-only', '-z', '--get-regexp', '^filter\\..*\\.(clean|process)$'];
  const answer = await git(root, list, { signal });
  const isNone = answer.how === 'failed' && answer.exitCode === NO_SUCH_SETTING;
  if (isNone) return [];
  const keys = answer.how === 'done' ? answer.output.split('\0').filter((key) => key !== '') : null;
  if (keys === null || keys.some((key) => /[=\n]/.test(key))) return null;
  const drivers = new Set(keys.map((key) => key.slice(0, key.lastIndexOf('.'))));
  return [...drivers].flatMap((driver) =>
    [`${driver}.clean=`, `${driver}.process=`, `${driver}.required=false`].flatMap((setting) => ['-c', setting]),
  );
}
