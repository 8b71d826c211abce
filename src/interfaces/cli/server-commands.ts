import type { Command } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import type { Run } from './run-action.js';

/** `cw serve`, `start`, `stop`, `restart`, `status`: the server itself. */
export function addServerCommands(program: Command, run: Run): void {
  const serve = program
    .command('serve')
    .description('run the server in the foreground; Ctrl-C drains and ends it, a second one ends it at once')
    .option('--port <port>', 'loopback TCP port, 0 for any free one (default: CW_PORT)')
    .action(
      run(async (context, options: { port?: string }) => (await import('./server/serve.js')).serve(context, options), {
        handlesSignals: true,
      }),
    );
  withExample(serve, 'cw serve --port 0');

  const start = program
    .command('start')
    .description('start the server in the background, if none runs')
    .action(run(async (context, options: JsonOption) => (await import('./server/start.js')).start(context, options)));
  withExample(withJson(start), 'cw start');

  const stop = program
    .command('stop')
    .description('stop the server; tasks that it runs go back to the queue')
    .option('--now', 'kill it if it has not ended after 5 s, instead of giving up after 10 s')
    .action(
      run(async (context, options: JsonOption & { now?: true }) =>
        (await import('./server/stop.js')).stop(context, options),
      ),
    );
  withExample(withJson(stop), 'cw stop');

  const restart = program
    .command('restart')
    .description('put a new server in the place of the one that runs; exits 1 unless the new one is proven to run')
    .addHelpText(
      'after',
      `
Waiting commands and streams go on at the new server, and tasks that ran begin again without losing an attempt. It
starts with the settings of the old one; to change CW_PORT or CW_LOG_LEVEL, stop it and start it anew.`,
    )
    .action(
      run(async (context, options: JsonOption) => (await import('./server/restart.js')).restart(context, options)),
    );
  withExample(withJson(restart), 'cw restart');

  const status = program
    .command('status')
    .description('show server, queue, pool and sessions at a glance; never starts a server')
    .action(
      run(async (context, options: JsonOption) =>
        (await import('./server/show-status.js')).showStatus(context, options),
      ),
    );
  withExample(withJson(status), 'cw status --json');
}
