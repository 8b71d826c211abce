import type { SweepRuns } from '../../application/ports/agent-runtime.js';
import { MAX_OUTPUT_BYTES } from '../../application/ports/attempt-files.js';
import type { LookAtRun } from '../../application/ports/look-at-run.js';
import type { StartProcess } from '../../application/ports/start-process.js';
import type { Timer } from '../../application/ports/timer.js';
import type { Variables } from '../../environment.js';
import { createLookAtRun } from './look-at-run.js';
import { createPatientProcessTable } from './patient-process-table.js';
import { processTableOf } from './process-table-of.js';
import { createStartProcess } from './start-process.js';
import { createSweep } from './sweep.js';

/** What this adapter offers beside the programs of agents: short ones, a look at them, and ending what runs left behind. */
export interface Processes {
  readonly startProcess: StartProcess;
  readonly sweepRuns: SweepRuns;
  readonly lookAtRun: LookAtRun;
}

interface Dependencies {
  /** The server's own environment; what reaches a program is decided by an allow-list. */
  readonly environment: Variables;
  readonly timer: Timer;
  /** Time between SIGTERM and SIGKILL, in milliseconds. */
  readonly graceMs?: number;
}

/** Looks at processes and ends them on this platform. */
export function createProcesses({ environment, timer, ...grace }: Dependencies): Processes {
  const table = createPatientProcessTable(processTableOf(process.platform));
  const sweep = createSweep({ table, ...grace });
  return {
    startProcess: createStartProcess({ environment, table, sweep, timer, maxOutputBytes: MAX_OUTPUT_BYTES }),
    lookAtRun: createLookAtRun(table),
    async sweepRuns(runIds) {
      if (runIds.length === 0) return { ended: 0, left: 0 };
      return sweep({ runIds, root: null, outputFile: null });
    },
  };
}
