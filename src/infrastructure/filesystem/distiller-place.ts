import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistillerPlace } from '../../application/ports/distiller-place.js';
import { codeOf } from '../../domain/shared/thrown.js';

/** What an agent is told and says is for this user alone. */
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
/**
 * Tries to remove it: when a server has ended what another one left, the supervisor of that still writes down how it
 * ended, and may do so between the look into its directory and its removal. Each try waits 100 ms longer.
 */
const REMOVE_TRIES = 5;

/** The place of a distiller in this directory: `run-id`, and `work` to work in. */
export function createDistillerPlace(directory: string): DistillerPlace {
  const [runIdFile, work] = [join(directory, 'run-id'), join(directory, 'work')];
  const clear = () => rm(directory, { recursive: true, force: true, maxRetries: REMOVE_TRIES });
  return {
    async open(runId) {
      await clear();
      await mkdir(work, { recursive: true, mode: PRIVATE_DIRECTORY });
      await writeFile(runIdFile, runId, { mode: PRIVATE_FILE });
      return work;
    },
    async left() {
      try {
        return await readFile(runIdFile, 'utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw error;
      }
    },
    clear,
  };
}
