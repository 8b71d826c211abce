import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentFiles } from '../../../application/ports/agent-files.js';
import { codeOf } from '../../../domain/shared/thrown.js';

/**
 * Tries to remove a directory: the supervisor of what was swept still writes down how it ended, and may do so between the
 * look into the directory and its removal. Each try waits 100 ms longer.
 */
const REMOVE_TRIES = 5;

/** `<directory>/<agentId>/`, as the supervisors of agents make it. */
export function createAgentFiles({ directory }: { readonly directory: string }): AgentFiles {
  const remove = (name: string) =>
    rm(join(directory, name), { recursive: true, force: true, maxRetries: REMOVE_TRIES });

  async function names(): Promise<string[]> {
    try {
      return await readdir(directory);
    } catch (error) {
      // No agent of this data directory has ever written anything.
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  return {
    remove,
    async clear(kept) {
      for (const name of await names()) if (!kept.has(name)) await remove(name);
    },
  };
}
