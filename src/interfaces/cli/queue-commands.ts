import type { Command } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import type { Run } from './run-action.js';

/** `cw queue …` */
export function addQueueCommands(program: Command, run: Run): void {
  const queue = program
    .command('queue')
    .helpCommand(false)
    .description('see how the queue does, pause it, let it go on');

  const stats = queue
    .command('stats')
    .description('how much waits and runs, and what the last hour was like: throughput, times, failures')
    .action(
      run(async (context, options: JsonOption) => (await import('./queue/show-stats.js')).showStats(context, options)),
    );
  withExample(withJson(stats), 'cw queue stats');

  const pause = queue
    .command('pause')
    .description('hand out no more tasks; running ones go on, new ones are taken in')
    .action(
      run(async (context, options: JsonOption) => (await import('./queue/pause-queue.js')).pause(context, options)),
    );
  withExample(withJson(pause), 'cw queue pause');

  const resume = queue
    .command('resume')
    .description('hand out tasks again')
    .action(
      run(async (context, options: JsonOption) => (await import('./queue/resume-queue.js')).resume(context, options)),
    );
  withExample(withJson(resume), 'cw queue resume');

  const drain = queue
    .command('drain')
    .description('pause, then wait until no task is running')
    .action(
      run(async (context, options: JsonOption) => (await import('./queue/drain-queue.js')).drain(context, options)),
    );
  withExample(withJson(drain), 'cw queue drain && cw stop');
}
