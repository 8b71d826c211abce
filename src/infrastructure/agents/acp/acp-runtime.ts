import { basename } from 'node:path';
import { attachProcess } from '../../../application/agent/attach-process.js';
import { greetAgent } from '../../../application/agent/greet-agent.js';
import { requireProgram, requireWanted } from '../../../application/agent/require-program.js';
import type { AgentRuntime, AgentStart } from '../../../application/ports/agent-runtime.js';
import type { FindProgram } from '../../../application/ports/find-program.js';
import { type AcpAgentNeeds, type AcpProgram, createAcpAgent } from './acp-agent.js';
import { greetAcp } from './greet-acp.js';
import { ACP_LIMITS, type AcpLimits } from './limits.js';
import { readMark } from './mark.js';

interface Dependencies extends Omit<AcpAgentNeeds, 'limits'> {
  readonly findProgram: FindProgram;
  readonly limits?: AcpLimits;
}

/** Programs whose hooks have a name of their own; any other agent goes by its profile's name. */
const SOURCES: Readonly<Record<string, string>> = {
  gemini: 'gemini',
  'codex-acp': 'codex',
  'claude-agent-acp': 'claude',
  'claude-code-acp': 'claude',
};

/**
 * Runs agents that speak the Agent Client Protocol. A process is started with the first turn, in the directory of that
 * turn, and kept for the next ones; each conversation is a session of its own in it.
 */
export function createAcpRuntime({ findProgram, limits = ACP_LIMITS, ...rest }: Dependencies): AgentRuntime {
  const needs = { ...rest, limits };

  async function programOf({ agentId, profile, runId, tokenFile }: AgentStart): Promise<AcpProgram> {
    if (profile.protocol !== 'acp') {
      throw new Error(`The ACP runtime cannot run a profile of the protocol ${profile.protocol}.`);
    }
    const { name, command, args = [], env, passEnv } = profile;
    const program = await requireProgram(profile, findProgram);
    const source = SOURCES[basename(command).replace(/\.(?:cmd|exe)$/i, '')] ?? name;
    return { name, source, agentId, program, args, env, passEnv, runId, tokenFile };
  }

  return {
    async start(request) {
      const program = await programOf(request);
      requireWanted(program.name, request.signal);
      return createAcpAgent(needs, program, null);
    },
    async attach(request) {
      const left = await attachProcess(rest.agentProcesses, request, readMark);
      return left === null ? null : createAcpAgent(needs, await programOf(request), left);
    },
    check: (request) =>
      greetAgent(request, {
        timer: rest.timer,
        start: async () =>
          rest.agentProcesses.start({ ...(await programOf(request)), number: 1, cwd: request.workspace }),
        greet: (process) => greetAcp(process, request.profile.name, rest.version),
      }),
  };
}
