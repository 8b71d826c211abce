import type { LookAtRun } from '../../application/ports/look-at-run.js';
import { findOurs } from './find-ours.js';
import { identityKey, type ProcessTable } from './process-table.js';

/** Makes the look at what a run's processes have done. */
export function createLookAtRun(table: ProcessTable): LookAtRun {
  return async (runId) => {
    const { rows } = await table.list({ runIds: new Set([runId]), outputFile: null, since: 0 });
    const ours = findOurs(rows, { root: null, seen: [], self: process.pid });
    return {
      cpuMs: ours.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      processes: new Set(ours.map(identityKey)),
    };
  };
}
