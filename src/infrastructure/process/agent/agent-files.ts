import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentFiles } from '../../../application/ports/agent-files.js';
import { codeOf } from '../../../domain/shared/thrown.js';

/** `<directory>/<agentId>/`, as the supervisors of agents make it. */
export function createAgentFiles({ directory }: { readonly directory: string }): AgentFiles {
  const remove = (name: string) => rm(join(directory, name), { recursive: true, force: true });

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
