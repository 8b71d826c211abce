import type { AgentProcesses } from '../../../src/application/ports/agent-process.js';
import type { Variables } from '../../../src/environment.js';
import { createAgentProcesses } from '../../../src/infrastructure/process/agent/agent-processes.js';
import { parseLongLine } from '../../../src/infrastructure/process/agent/parse-long-line.js';

/** Time between SIGTERM and SIGKILL in tests, in milliseconds. */
const TEST_GRACE_MS = 300;

/** Real programs of agents, with their files under this directory. Long lines are read in the test's own thread. */
export function testAgentProcesses(
  directory: string,
  environment: Variables = { PATH: '/usr/bin:/bin' },
): AgentProcesses {
  const workers = { run: (_name: string, input: never) => parseLongLine(input) as Promise<never> };
  return createAgentProcesses({ environment, directory, workers, graceMs: TEST_GRACE_MS });
}
