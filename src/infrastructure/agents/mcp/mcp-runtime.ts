import { greetAgent } from '../../../application/agent/greet-agent.js';
import { requireProgram, requireWanted } from '../../../application/agent/require-program.js';
import type { AgentRuntime, AgentStart } from '../../../application/ports/agent-runtime.js';
import type { FindProgram } from '../../../application/ports/find-program.js';
import type { AgentProfile } from '../../../domain/agent/agent-profile.js';
import { MCP_BOUNDS } from './bounds.js';
import type { ToolWanted } from './check-tool.js';
import type { McpAgentDependencies, McpCommand } from './mcp-agent.js';

interface Dependencies extends Omit<McpAgentDependencies, 'bounds'> {
  readonly findProgram: FindProgram;
  readonly bounds?: McpAgentDependencies['bounds'];
}

/** Runs an MCP server on standard input and output, and gives prompts to the one tool that the profile names. */
export function createMcpRuntime({ findProgram, bounds = MCP_BOUNDS, ...needs }: Dependencies): AgentRuntime {
  async function commandOf({ agentId, profile, runId, tokenFile, signal }: AgentStart): Promise<McpCommand> {
    const mcp = mcpProfile(profile);
    const { name, args = [], env, passEnv } = mcp;
    const program = await requireProgram(mcp, findProgram);
    requireWanted(name, signal);
    return { agentId, program, args, env, passEnv, runId, tokenFile, wanted: wantedOf(mcp) };
  }

  return {
    async start(request) {
      const command = await commandOf(request);
      // Loaded with the first agent: the SDK's client would slow the start of every server down.
      const { createMcpAgent } = await import('./mcp-agent.js');
      return createMcpAgent({ ...needs, bounds }, command);
    },
    async check(request) {
      const { greetMcp } = await import('./greet-mcp.js');
      const { profile, timeoutMs, workspace } = request;
      return greetAgent(request, {
        timer: needs.timer,
        start: async () => needs.processes.start({ ...(await commandOf(request)), number: 1, cwd: workspace }),
        greet: (process) =>
          greetMcp(process, { wanted: wantedOf(mcpProfile(profile)), workspace, timeoutMs, version: needs.version }),
      });
    },
  };
}

type McpProfile = Extract<AgentProfile, { protocol: 'mcp' }>;

function mcpProfile(profile: AgentProfile): McpProfile {
  if (profile.protocol === 'mcp') return profile;
  throw new Error(`The MCP runtime cannot run a profile of the protocol ${profile.protocol}.`);
}

function wantedOf({ name, tool, promptArgument }: McpProfile): ToolWanted {
  return { agent: name, tool, argument: promptArgument };
}
