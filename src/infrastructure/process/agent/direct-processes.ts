import { mkdir, realpath } from 'node:fs/promises';
import type { AgentProcesses, AgentProcessRequest } from '../../../application/ports/agent-process.js';
import type { ProcessEnd } from '../../../application/ports/start-process.js';
import type { StopReceipt } from '../../../domain/agent/agent.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
import type { Variables } from '../../../environment.js';
import { agentEnvironment } from '../agent-environment.js';
import type { ProcessTable } from '../process-table.js';
import { notStarted } from '../start-problem.js';
import type { Sweep } from '../sweep.js';
import { type AgentPaths, agentPaths } from './agent-paths.js';
import { createAgentProcess, type ProgramControl } from './agent-process.js';
import { type Launched, launch } from './launch.js';
import type { ReadMessages } from './read-messages.js';

const PRIVATE_DIRECTORY = 0o700;

interface Dependencies {
  /** The server's own environment; what reaches the program is decided by `agentEnvironment`. */
  readonly environment: Variables;
  readonly agentsDirectory: string;
  readonly table: ProcessTable;
  readonly sweep: Sweep;
  readonly readMessages: ReadMessages;
}

/** Programs of agents as children of this process. */
export function createDirectProcesses(needs: Dependencies): AgentProcesses {
  const { environment, agentsDirectory, table, sweep, readMessages } = needs;

  async function start(request: AgentProcessRequest): Promise<ProgramControl> {
    const paths = await prepare(agentsDirectory, request);
    const { program, args, cwd } = request;
    const launched = await launch({ program, args, cwd, env: agentEnvironment(environment, request) }, paths);
    const root = await table.identify(launched.pid);
    return control(request, launched, () => sweep({ runIds: [request.runId], root, outputFile: paths.output }));
  }

  return {
    async start(request) {
      try {
        const paths = agentPaths(agentsDirectory, request.agentId, request.number);
        return createAgentProcess(await start(request), paths, readMessages);
      } catch (error) {
        const { output } = agentPaths(agentsDirectory, request.agentId, request.number);
        throw new DomainError('unavailable', notStarted({ ...request, outputFile: output }, error).problem);
      }
    },
    attach: () => Promise.resolve(null),
  };
}

async function prepare(agentsDirectory: string, { agentId, number }: AgentProcessRequest): Promise<AgentPaths> {
  await mkdir(agentPaths(agentsDirectory, agentId, number).directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  // Without symbolic links, because a sweep compares it with what /proc says that a process writes to.
  return agentPaths(await realpath(agentsDirectory), agentId, number);
}

function control(
  { program }: AgentProcessRequest,
  { pid, input, exit }: Launched,
  sweep: () => Promise<StopReceipt>,
): ProgramControl {
  let stopped: Promise<StopReceipt> | undefined;

  async function end(): Promise<ProcessEnd> {
    const { exitCode, signal } = await exit;
    if (stopped !== undefined) return { how: 'aborted', receipt: await stopped };
    const receipt = await sweep();
    if (signal !== null) return { how: 'killed', signal, receipt };
    return { how: 'exited', exitCode: exitCode ?? 1, receipt };
  }

  return {
    pid,
    send: (line) =>
      new Promise((resolve, reject) => {
        input.write(`${line}\n`, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(new DomainError('unavailable', `${program} reads no more: it has ended.`));
        });
      }),
    closeInput: () => new Promise((resolve) => input.end(() => resolve())),
    ended: end(),
    stop: () => (stopped ??= sweep()),
  };
}
