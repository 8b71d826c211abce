import type { Command } from 'commander';
import { withExample, withJson } from './help.js';
import type { PruneOptions } from './prune/prune-expired.js';
import type { Run } from './run-action.js';

/** `cw prune`: what has ended its time goes at once, instead of within the hour. */
export function addPruneCommand(program: Command, run: Run): void {
  const prune = program
    .command('prune')
    .description('remove now what has ended its time; the server does so by itself every hour')
    .option('--dry-run', 'only say what would go')
    .addHelpText(
      'after',
      `
Old events, tasks that finished long ago, texts of tool uses that were distilled, and outputs of attempts go, as the
settings under "retention" say; see them with: cw config list
What is remembered stays. The room is used again; the file gets smaller with: cw memory prune`,
    )
    .action(
      run(async (context, options: PruneOptions) =>
        (await import('./prune/prune-expired.js')).pruneExpired(context, options),
      ),
    );
  withExample(withJson(prune), 'cw prune --dry-run', 'cw prune');
}
