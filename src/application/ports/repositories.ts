import type { GitFacts } from '../../domain/workspace/workspace.js';

/** A repository's work tree. */
export interface WorkTree {
  /** Absolute path of its top directory, without symbolic links. */
  readonly root: string;
  /** What its files say; `dirty` is always null, and `repository` where only the program could tell. */
  readonly git: GitFacts;
}

/** Finds out about git repositories. A repository that is broken, or no git on the machine, is no error. */
export interface Repositories {
  /**
   * The work tree that holds this directory (absolute, without symbolic links), or null. It reads a handful of small
   * files and starts no program: fit for every hook.
   */
  find(directory: string): Promise<WorkTree | null>;
  /** All that git says of a directory; asks the program for what files do not tell. Rejects only when aborted. */
  inspect(directory: string, signal: AbortSignal): Promise<GitFacts>;
}
