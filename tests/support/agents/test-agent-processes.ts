import { join } from 'node:path';
import type { AgentProcesses } from '../../../src/application/ports/agent-process.js';
import type { Variables } from '../../../src/environment.js';
import { type AgentPrograms, createAgentPrograms } from '../../../src/infrastructure/process/agent/agent-programs.js';
import { parseLongLine } from '../../../src/infrastructure/process/agent/parse-long-line.js';
import { timer } from '../../../src/infrastructure/system/timer.js';
import { packageRoot } from '../../../src/installation.js';

const SUPERVISOR = join(packageRoot(), 'dist', 'supervisor.cjs');
/** Time between SIGTERM and SIGKILL in tests, in milliseconds: long enough for a shell to end, short for who ignores it. */
export const TEST_GRACE_MS = 300;

interface Options {
  /** The server's own. */
  readonly environment?: Variables | undefined;
  readonly leaseMs?: number | undefined;
  readonly maxOutputBytes?: number | undefined;
}

/** Real programs of agents, with their files under this directory. Long lines are read in the test's own thread. */
export function testAgentPrograms(directory: string, options: Options = {}): AgentPrograms {
  const { environment = { PATH: '/usr/bin:/bin' }, leaseMs, maxOutputBytes } = options;
  return createAgentPrograms({
    environment,
    directory,
    workers: { run: (_name: string, input: never) => parseLongLine(input) as Promise<never> },
    supervisor: SUPERVISOR,
    timer,
    graceMs: TEST_GRACE_MS,
    ...(leaseMs !== undefined && { leaseMs }),
    ...(maxOutputBytes !== undefined && { maxOutputBytes }),
  });
}

/** Those of them that speak JSON lines. */
export function testAgentProcesses(directory: string, environment?: Variables, leaseMs?: number): AgentProcesses {
  return testAgentPrograms(directory, { environment, leaseMs }).agentProcesses;
}
