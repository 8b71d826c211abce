import { requireProgram, requireWanted } from '../../../application/agent/require-program.js';
import type { AgentRuntime } from '../../../application/ports/agent-runtime.js';
import type { FindProgram } from '../../../application/ports/find-program.js';
import { MCP_BOUNDS } from './bounds.js';
import type { McpAgentDependencies } from './mcp-agent.js';

interface Dependencies extends Omit<McpAgentDependencies, 'bounds'> {
  readonly findProgram: FindProgram;
  readonly bounds?: McpAgentDependencies['bounds'];
}

/** Runs an MCP server on standard input and output, and gives prompts to the one tool that the profile names. */
export function createMcpRuntime({ findProgram, bounds = MCP_BOUNDS, ...needs }: Dependencies): AgentRuntime {
  return {
    async start({ agentId, profile, runId, tokenFile, signal }) {
      if (profile.protocol !== 'mcp') {
        throw new Error(`The MCP runtime cannot run a profile of the protocol ${profile.protocol}.`);
      }
      const { name, args = [], env, passEnv, tool, promptArgument: argument } = profile;
      const program = await requireProgram(profile, findProgram);
      requireWanted(name, signal);
      // Loaded with the first agent: the SDK's client would slow the start of every server down.
      const { createMcpAgent } = await import('./mcp-agent.js');
      const wanted = { agent: name, tool, argument };
      return createMcpAgent({ ...needs, bounds }, { agentId, program, args, env, passEnv, runId, tokenFile, wanted });
    },
  };
}
