import type { Command } from 'commander';
import type { ConnectOptions } from './connect/connect-agent.js';
import { withExample, withJson } from './help.js';
import type { Run } from './run-action.js';

/** `cw connect`: lets an agent remember, and ask for what is remembered. */
export function addConnectCommand(program: Command, run: Run): void {
  const connect = program
    .command('connect <agent>')
    .description("write our hooks and MCP server to an agent's own settings: claude, codex, gemini or opencode")
    .option('--dry-run', 'show what would change, and write nothing')
    .option('--remove', 'take away what cw has written, and nothing else')
    .addHelpText(
      'after',
      `
Sessions of a connected agent are remembered, and new ones start with what matters of it. The settings are the user's
(~/.claude, ~/.codex, ~/.gemini, ~/.config/opencode), never a repository's. Everything else in them stays as it is; the
text before the last change is kept beside them as <file>.cw-backup.`,
    )
    .action(
      run(async (context, agent: string, options: ConnectOptions) =>
        (await import('./connect/connect-agent.js')).connectAgent(context, agent, options),
      ),
    );
  withExample(withJson(connect), 'cw connect claude', 'cw connect codex --dry-run', 'cw connect gemini --remove');
}
