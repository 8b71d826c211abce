import type { AgentProcesses } from '../../../application/ports/agent-process.js';
import type { Workers } from '../../../application/ports/workers.js';
import type { Variables } from '../../../environment.js';
import { createPatientProcessTable } from '../patient-process-table.js';
import { processTableOf } from '../process-table-of.js';
import { createAgentSupervisors } from '../supervisor/agent-supervisors.js';
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
  /** How long a program goes on without any server, in milliseconds. */
  readonly leaseMs?: number;
  /** Time between SIGTERM and SIGKILL, in milliseconds. */
  readonly graceMs?: number;
}

/** Runs the programs of agents that speak JSON lines, on this platform. */
export function createAgentProcesses(needs: Dependencies): AgentProcesses {
  const { environment, directory, workers, supervisor, leaseMs = LEASE_MS, ...grace } = needs;
  const table = createPatientProcessTable(processTableOf(process.platform));
  return createSupervisedProcesses({
    environment,
    supervisors: createAgentSupervisors({ directory, program: supervisor, leaseMs, ...grace }),
    sweep: createSweep({ table, ...grace }),
    readMessages: createReadMessages((line) => workers.run('parseLongLine', line, { timeoutMs: LINE_TIMEOUT_MS })),
  });
}
