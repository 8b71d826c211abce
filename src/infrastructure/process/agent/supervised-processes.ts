import type { AgentProcesses, AgentProcessRequest } from '../../../application/ports/agent-process.js';
import type { LookAtRun } from '../../../application/ports/look-at-run.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
import { messageOf } from '../../../domain/shared/thrown.js';
import type { Variables } from '../../../environment.js';
import { agentEnvironment } from '../agent-environment.js';
import { notStarted } from '../start-problem.js';
import type { AgentSupervisors, Held } from '../supervisor/agent-supervisors.js';
import { readEnd } from '../supervisor/end-file.js';
import { type FollowedProgram, followProgram, processEnd } from '../supervisor/follow-program.js';
import { SupervisorProblem } from '../supervisor/supervisor-link.js';
import type { Sweep } from '../sweep.js';
import { agentPaths } from './agent-paths.js';
import { createAgentProcess, type ProgramControl } from './agent-process.js';
import type { ReadMessages } from './read-messages.js';
import { UNKNOWN_GROWTH, watchGrowth } from './run-growth.js';

interface Dependencies {
  /** The server's own environment; what reaches the program is decided by `agentEnvironment`. */
  readonly environment: Variables;
  readonly supervisors: AgentSupervisors;
  readonly sweep: Sweep;
  readonly lookAtRun: LookAtRun;
  readonly readMessages: ReadMessages;
}

/** Programs of agents, each under a supervisor of its own that outlives this server. */
export function createSupervisedProcesses(needs: Dependencies): AgentProcesses {
  const { environment, supervisors, sweep, lookAtRun, readMessages } = needs;

  async function startUnder(held: Held, request: AgentProcessRequest): Promise<FollowedProgram> {
    const { number, program, args, cwd, runId } = request;
    const { output, errors } = agentPaths(held.directory, number);
    const env = agentEnvironment(environment, request);
    const input = { from: 'server' } as const;
    const name = String(number);
    const start = { name, once: false, program, args, cwd, env, input, output, errors, maxOutputBytes: null };
    const answer = await held.link.ask({ do: 'start', start });
    if (answer.program === undefined) throw new Error('The supervisor did not say what it started.');
    return followProgram(held, answer.program, { runId, output }, sweep);
  }

  return {
    async start(request) {
      const { agentId, number, runId } = request;
      const held = await supervisors.hold(agentId, runId).catch((error: unknown) => {
        throw new DomainError('unavailable', `The supervisor of an agent cannot be started (${messageOf(error)}).`);
      });
      const paths = agentPaths(held.directory, number);
      try {
        const control = controlOf(await startUnder(held, request), request.program);
        return createAgentProcess(control, paths, readMessages, watchGrowth(lookAtRun, runId));
      } catch (error) {
        held.release();
        if (!(error instanceof SupervisorProblem)) throw error;
        throw new DomainError('unavailable', notStarted({ ...request, outputFile: paths.output }, error).problem);
      }
    },

    async attach({ agentId, number, runId }) {
      const held = await supervisors.find(agentId, runId);
      const directory = held?.directory ?? supervisors.directoryOf(agentId);
      const paths = agentPaths(directory, number);
      const name = String(number);
      if (held?.program?.name === name) {
        const program = followProgram(held, held.program, { runId, output: paths.output }, sweep);
        return createAgentProcess(controlOf(program, 'The program'), paths, readMessages, UNKNOWN_GROWTH);
      }
      held?.release();
      const end = await readEnd(directory, name);
      if (end === null) return null;
      return createAgentProcess(endedControl(end.pid, processEnd(end)), paths, readMessages, UNKNOWN_GROWTH);
    },
  };
}

function controlOf(program: FollowedProgram, name: string): ProgramControl {
  return {
    ...program,
    async send(line) {
      await program.send(line).catch(() => {
        throw new DomainError('unavailable', `${name} reads no more: it has ended.`);
      });
    },
  };
}

/** What is left of a program that ended while no server was there. */
function endedControl(pid: number, end: Awaited<ProgramControl['ended']>): ProgramControl {
  return {
    pid,
    sent: () => 0,
    send: () => Promise.reject(new DomainError('unavailable', 'The program reads no more: it has ended.')),
    closeInput: () => Promise.resolve(),
    ended: Promise.resolve(end),
    stop: () => Promise.resolve({ ended: 0, left: end.receipt.left }),
  };
}
