import { join } from 'node:path';
import type { AgentProcesses } from '../../../src/application/ports/agent-process.js';
import type { Variables } from '../../../src/environment.js';
import { createAgentProcesses } from '../../../src/infrastructure/process/agent/agent-processes.js';
import { parseLongLine } from '../../../src/infrastructure/process/agent/parse-long-line.js';
import { packageRoot } from '../../../src/installation.js';

const SUPERVISOR = join(packageRoot(), 'dist', 'supervisor.cjs');
/** Time between SIGTERM and SIGKILL in tests, in milliseconds. */
const TEST_GRACE_MS = 300;

/**
 * Real programs of agents, with their files under this directory. Long lines are read in the test's own thread;
 * `environment` is the server's own.
 */
export function testAgentProcesses(
  directory: string,
  environment: Variables = { PATH: '/usr/bin:/bin' },
  leaseMs?: number,
): AgentProcesses {
  return createAgentProcesses({
    environment,
    directory,
    workers: { run: (_name: string, input: never) => parseLongLine(input) as Promise<never> },
    supervisor: SUPERVISOR,
    graceMs: TEST_GRACE_MS,
    ...(leaseMs !== undefined && { leaseMs }),
  });
}
