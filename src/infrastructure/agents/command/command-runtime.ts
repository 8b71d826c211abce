import { requireProgram, requireWanted } from '../../../application/agent/require-program.js';
import type { AgentRuntime, AgentStart } from '../../../application/ports/agent-runtime.js';
import type { FindProgram } from '../../../application/ports/find-program.js';
import type { ProgramRunners } from '../../../application/ports/program-runner.js';
import { type Command, type CommandAgentDependencies, createCommandAgent } from './command-agent.js';

interface Dependencies extends CommandAgentDependencies {
  readonly programRunners: ProgramRunners;
  readonly findProgram: FindProgram;
}

/**
 * Runs the profile's own command once for each prompt. Every `{prompt}` within an argument stands for the prompt; when
 * no argument has one, the prompt comes on standard input, and otherwise standard input is empty.
 */
export function createCommandRuntime({ programRunners, findProgram, ...needs }: Dependencies): AgentRuntime {
  async function commandOf({ profile, runId, tokenFile }: AgentStart): Promise<Command> {
    if (profile.protocol !== 'command') {
      throw new Error(`The command runtime cannot run a profile of the protocol ${profile.protocol}.`);
    }
    return { ...profile, program: await requireProgram(profile, findProgram), runId, tokenFile };
  }

  return {
    findsByAttempt: true,
    async start(request) {
      const command = await commandOf(request);
      requireWanted(request.profile.name, request.signal);
      // Its supervisor starts beside what else is to be done before the first turn.
      return createCommandAgent(needs, command, programRunners.open(request));
    },
    async attach(request) {
      const runner = await programRunners.find(request, request.attempt);
      return runner === null ? null : createCommandAgent(needs, await commandOf(request), runner);
    },
  };
}
