import { mkdir, rm } from 'node:fs/promises';
import type { ClaudeMem } from '../../application/ports/claude-mem.js';
import type { Workers } from '../../application/ports/workers.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { copyClaudeMem } from './copy-claude-mem.js';
import type { readClaudeMem } from './read-claude-mem.js';

/** Longest time to copy a database and to look through it, in milliseconds: some 20 GB. */
const COPY_TIMEOUT_MS = 600_000;
/** Longest time to read a batch, in milliseconds; it takes a few, and may wait for other jobs. */
const READ_TIMEOUT_MS = 60_000;

interface ClaudeMemJobs {
  readonly [name: string]: (input: never) => unknown;
  readonly copyClaudeMem: typeof copyClaudeMem;
  readonly readClaudeMem: typeof readClaudeMem;
}

/** Copies go into this directory, which is there only during an import; what a crash left goes with the next one. */
export function createClaudeMem(workers: Pick<Workers<ClaudeMemJobs>, 'run'>, directory: string): ClaudeMem {
  let isBusy = false;
  const clear = () => rm(directory, { recursive: true, force: true });
  const close = async () => {
    try {
      await clear();
    } finally {
      isBusy = false;
    }
  };
  return {
    async open(file) {
      if (isBusy) throw new DomainError('conflict', 'Another import of claude-mem runs; try again when it is done.');
      isBusy = true;
      try {
        await clear();
        await mkdir(directory, { mode: 0o700 });
        const { copy, projects } = await workers.run(
          'copyClaudeMem',
          { file, directory },
          { timeoutMs: COPY_TIMEOUT_MS },
        );
        return {
          projects,
          read: (from) => workers.run('readClaudeMem', { copy, from }, { timeoutMs: READ_TIMEOUT_MS }),
          [Symbol.asyncDispose]: close,
        };
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}
