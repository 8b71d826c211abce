import { join } from 'node:path';
import type { SweepRuns } from '../application/ports/agent-runtime.js';
import type { FindProgram } from '../application/ports/find-program.js';
import type { Workers } from '../application/ports/workers.js';
import type { Variables } from '../environment.js';
import { createAcpRuntime } from '../infrastructure/agents/acp/acp-runtime.js';
import { createClaudeRuntime } from '../infrastructure/agents/claude/claude-runtime.js';
import { createCodexRuntime } from '../infrastructure/agents/codex/codex-runtime.js';
import { createCommandRuntime } from '../infrastructure/agents/command/command-runtime.js';
import { createMcpRuntime } from '../infrastructure/agents/mcp/mcp-runtime.js';
import { createAttemptFiles } from '../infrastructure/filesystem/attempt-files.js';
import { createAgentPrograms } from '../infrastructure/process/agent/agent-programs.js';
import { clock } from '../infrastructure/system/clock.js';
import { timer } from '../infrastructure/system/timer.js';
import { packageRoot } from '../installation.js';
import type { WorkerJobs } from './worker-jobs.js';

export interface AgentRuntimesOptions {
  readonly sweepRuns: SweepRuns;
  readonly variables: Variables;
  readonly findProgram: FindProgram;
  readonly workers: Workers<WorkerJobs>;
  readonly version: string;
  /** Where agents keep what they say: of those that keep running, and of attempts. */
  readonly agents: string;
  readonly runs: string;
}

/**
 * A runtime for each protocol of agents' programs, with their files in these directories; `leaveAll` parts with those that
 * run on.
 */
export function createAgentRuntimes(options: AgentRuntimesOptions) {
  const { sweepRuns, variables, findProgram, workers, version } = options;
  const attemptFiles = createAttemptFiles({ runsDirectory: options.runs });
  const { agentProcesses, programRunners, leaveAll } = createAgentPrograms({
    environment: variables,
    directory: options.agents,
    workers,
    timer,
    supervisor: join(packageRoot(), 'dist', 'supervisor.cjs'),
  });
  const runtimes = {
    command: createCommandRuntime({ programRunners, sweepRuns, attemptFiles, findProgram }),
    claude: createClaudeRuntime({ agentProcesses, findProgram, timer }),
    acp: createAcpRuntime({ agentProcesses, findProgram, timer, clock, version }),
    codex: createCodexRuntime({ processes: agentProcesses, findProgram, timer, version }),
    mcp: createMcpRuntime({ processes: agentProcesses, findProgram, timer, version }),
  };
  return { runtimes, leaveAll };
}

/** Those of agents outside of the queue, with their files in this place. A shell is none: what they are told is data. */
export function createRuntimesIn(place: string, options: Omit<AgentRuntimesOptions, 'agents' | 'runs'>) {
  return createAgentRuntimes({ ...options, agents: join(place, 'agents'), runs: join(place, 'runs') }).runtimes;
}
