import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistillerPlace } from '../../application/ports/distiller-place.js';
import { codeOf } from '../../domain/shared/thrown.js';

/** What an agent is told and says is for this user alone. */
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** The place of a distiller in this directory: `run-id`, and `work` to work in. */
export function createDistillerPlace(directory: string): DistillerPlace {
  const [runIdFile, work] = [join(directory, 'run-id'), join(directory, 'work')];
  const clear = () => rm(directory, { recursive: true, force: true });
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
