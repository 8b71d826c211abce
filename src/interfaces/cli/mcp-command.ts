import type { Command } from 'commander';
import { withExample } from './help.js';
import type { Run } from './run-action.js';

/** `cw mcp`: memory and tasks for agents, over the Model Context Protocol. */
export function addMcpCommand(program: Command, run: Run): void {
  const mcp = program
    .command('mcp')
    .description('speak MCP on standard input and output, for agents; starts a server if none runs')
    .action(run(async (context) => (await import('./mcp/serve-mcp.js')).serveMcp(context)));
  withExample(mcp, 'claude mcp add codewalkers -- cw mcp');
}
