import type { Command } from 'commander';
import type { WatchOptions } from './event/watch-events.js';
import { withExample, withJson } from './help.js';
import type { Run } from './run-action.js';

/** `cw watch`: live events. */
export function addWatchCommand(program: Command, run: Run): void {
  const watch = program
    .command('watch')
    .description('print events as they happen, one a line, until Ctrl-C; goes on when the server was restarted')
    .option('--from <position>', 'begin after this position of the log; 0 is the oldest event that is kept')
    .option('--type <glob>', 'only events of this type, such as task.* or *.failed; can be repeated', collect, [])
    .option('--no-start', 'fail instead of starting a server when none runs')
    .action(
      run(async (context, options: WatchOptions) =>
        (await import('./event/watch-events.js')).watchEvents(context, options),
      ),
    );
  withExample(withJson(watch), "cw watch --from 0 --type 'task.*'");
}

function collect(glob: string, globs: readonly string[]): readonly string[] {
  return [...globs, glob];
}
