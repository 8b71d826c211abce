import type { AgentProcesses } from '../../../application/ports/agent-process.js';
import { MAX_OUTPUT_BYTES } from '../../../application/ports/attempt-files.js';
import type { ProgramRunners } from '../../../application/ports/program-runner.js';
import type { Timer } from '../../../application/ports/timer.js';
import type { Workers } from '../../../application/ports/workers.js';
import type { Variables } from '../../../environment.js';
import { createLookAtRun } from '../look-at-run.js';
import { createPatientProcessTable } from '../patient-process-table.js';
import { processTableOf } from '../process-table-of.js';
import { createAgentSupervisors } from '../supervisor/agent-supervisors.js';
import { createProgramRunners } from '../supervisor/program-runners.js';
import { createSweep } from '../sweep.js';
import type { parseLongLine } from './parse-long-line.js';
import { createReadMessages } from './read-messages.js';
import { createSupervisedProcesses } from './supervised-processes.js';

/** How long a program goes on without any server, in milliseconds: a restart takes a second, an upgrade some ten. */
const LEASE_MS = 60_000;
/** Longest time to read one line, in milliseconds, with the wait for a thread: 64 MB take some 500. */
const LINE_TIMEOUT_MS = 30_000;

interface LineJobs {
  readonly [name: string]: (input: never) => unknown;
  readonly parseLongLine: typeof parseLongLine;
}

interface Dependencies {
  /** The server's own environment; what reaches a program is decided by an allow-list. */
  readonly environment: Variables;
  /** Where the files of the programs are: `<directory>/<agentId>/`. */
  readonly directory: string;
  readonly workers: Pick<Workers<LineJobs>, 'run'>;
  /** The built file of a supervisor. */
  readonly supervisor: string;
  readonly timer: Timer;
  /** How long a program goes on without any server, in milliseconds. */
  readonly leaseMs?: number;
  /** Time between SIGTERM and SIGKILL, in milliseconds. */
  readonly graceMs?: number;
  /** Most that one plain program may write, in bytes. */
  readonly maxOutputBytes?: number;
}

/** Programs of agents, each agent's under a supervisor of its own that outlives this server. */
export interface AgentPrograms {
  /** Those that speak JSON lines. */
  readonly agentProcesses: AgentProcesses;
  /** Those that run to their end and write what they like. */
  readonly programRunners: ProgramRunners;
  /** Parts with all of them, which run on for a later server: they are sent nothing more, and not ended. */
  readonly leaveAll: () => void;
}

/** Runs the programs of agents on this platform. */
export function createAgentPrograms(needs: Dependencies): AgentPrograms {
  const { environment, directory, workers, supervisor, timer, leaseMs = LEASE_MS, graceMs } = needs;
  const { maxOutputBytes = MAX_OUTPUT_BYTES } = needs;
  const grace = graceMs === undefined ? {} : { graceMs };
  const table = createPatientProcessTable(processTableOf(process.platform));
  const supervisors = createAgentSupervisors({ directory, program: supervisor, leaseMs, ...grace });
  const lookAtRun = createLookAtRun(table);
  const sweep = createSweep({ table, ...grace });
  const readMessages = createReadMessages((line) => workers.run('parseLongLine', line, { timeoutMs: LINE_TIMEOUT_MS }));
  return {
    agentProcesses: createSupervisedProcesses({ environment, supervisors, sweep, lookAtRun, readMessages }),
    programRunners: createProgramRunners({ environment, supervisors, sweep, timer, maxOutputBytes }),
    leaveAll: () => supervisors.leaveAll(),
  };
}
