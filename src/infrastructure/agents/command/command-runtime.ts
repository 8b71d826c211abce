import { requireProgram, requireWanted } from '../../../application/agent/require-program.js';
import type { AgentRuntime } from '../../../application/ports/agent-runtime.js';
import type { FindProgram } from '../../../application/ports/find-program.js';
import { type CommandAgentDependencies, createCommandAgent } from './command-agent.js';

interface Dependencies extends CommandAgentDependencies {
  readonly findProgram: FindProgram;
}

/**
 * Runs the profile's own command once for each prompt. Every `{prompt}` within an argument stands for the prompt; when
 * no argument has one, the prompt comes on standard input, and otherwise standard input is empty.
 */
export function createCommandRuntime(dependencies: Dependencies): AgentRuntime {
  return {
    async start({ profile, runId, tokenFile, signal }) {
      if (profile.protocol !== 'command') {
        throw new Error(`The command runtime cannot run a profile of the protocol ${profile.protocol}.`);
      }
      const program = await requireProgram(profile, dependencies.findProgram);
      requireWanted(profile.name, signal);
      return createCommandAgent(dependencies, { ...profile, program, runId, tokenFile });
    },
  };
}
