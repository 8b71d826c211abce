import type { Command } from 'commander';
import { withExample } from './help.js';

/**
 * `cw hook`, for its help only: bin/cw.js hands every other call to a program of its own (src/interfaces/hook-command),
 * which loads nothing of the command line.
 */
export function addHookCommand(program: Command): void {
  const hook = program
    .command('hook')
    .argument('<event>', 'session-start, user-prompt-submit, post-tool-use and so on; see docs/api.md')
    .option('--source <agent>', 'claude, codex or gemini, where the event does not tell')
    .description("take an agent's hook event from standard input; ends with 0 within a second whatever happens")
    .action(() => undefined);
  withExample(hook, 'cw hook session-start --source claude < event.json');
}
