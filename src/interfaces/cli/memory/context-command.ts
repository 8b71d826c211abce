import type { Command } from 'commander';
import { withExample, withJson } from '../help.js';
import type { Run } from '../run-action.js';
import type { ContextOptions } from './print-context.js';

/** `cw memory context` */
export function addContextCommand(memory: Command, run: Run): void {
  const context = memory
    .command('context')
    .description('print what a session that begins now would be told')
    .option('--workspace <dir>', 'the directory, or the id of a workspace', '.')
    .option('--prompt <text>', 'what is about to be asked')
    .option('--files <path...>', 'files that are about to be worked on')
    .option('--tokens <n>', 'at most so many tokens; memory.contextTokens by default')
    .action(
      run(async (given, options: ContextOptions) => (await import('./print-context.js')).printContext(given, options)),
    );
  withExample(withJson(context), 'cw memory context --files src/main.ts --tokens 1000');
}
