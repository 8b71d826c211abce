import type { AgentRuntime } from '../../../application/ports/agent-runtime.js';
import type { FindProgram } from '../../../application/ports/find-program.js';
import { DomainError } from '../../../domain/shared/domain-error.js';
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
      const program = await dependencies.findProgram(profile.command, profile.env?.['PATH']);
      if (program === null) {
        throw new DomainError(
          'unavailable',
          `The agent ${profile.name} cannot start: its program ${profile.command} was not found. ` +
            `Install it, or correct agents.${profile.name}.command in config.json.`,
        );
      }
      if (signal.aborted)
        throw new DomainError('unavailable', `The agent ${profile.name} was stopped while it started.`);
      return createCommandAgent(dependencies, { ...profile, program, runId, tokenFile });
    },
  };
}
