import { Argument, type Command } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import type { LimitOptions } from './queue/limit-queue.js';
import { PART_KINDS, type PartKind, type PartOptions } from './queue/queue-part.js';
import type { Run } from './run-action.js';

/** `cw queue …` */
export function addQueueCommands(program: Command, run: Run): void {
  const queue = program
    .command('queue')
    .helpCommand(false)
    .description('see how the queue does, pause it and let it go on, whole or in part, and limit parts of it');

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
      run(async (context, options: PartOptions) => (await import('./queue/pause-queue.js')).pause(context, options)),
    );
  withExample(withJson(withPart(pause)), 'cw queue pause', 'cw queue pause --agent claude');

  const resume = queue
    .command('resume')
    .description('hand out tasks again')
    .action(
      run(async (context, options: PartOptions) => (await import('./queue/resume-queue.js')).resume(context, options)),
    );
  withExample(withJson(withPart(resume)), 'cw queue resume', 'cw queue resume --group deploy');

  const drain = queue
    .command('drain')
    .description('pause, then wait until no task is running')
    .action(
      run(async (context, options: PartOptions) => (await import('./queue/drain-queue.js')).drain(context, options)),
    );
  withExample(withJson(withPart(drain)), 'cw queue drain && cw stop', 'cw queue drain --workspace .');

  const limit = queue
    .command('limit')
    .description('limit the tasks of an agent profile, of a workspace or of a group; at once, and until it is cleared')
    .addArgument(new Argument('<kind>', 'what is limited').choices(PART_KINDS))
    .argument('<name>', 'a profile, a directory or the id of a workspace, or the name that tasks got with --group')
    .option('--max <n>', 'most tasks that run at once; none takes it away')
    .option('--rate <n/period>', 'most starts within any period, such as 10/1m; none takes it away')
    .option('--exclusive', 'groups: one task at a time, in queue order, each until it has finished, retries and all')
    .option('--no-exclusive', 'take that away')
    .option('--clear', 'take all of these away; a pause stays')
    .action(
      run(async (context, kind: PartKind, name: string, options: LimitOptions) =>
        (await import('./queue/limit-queue.js')).limitQueue(context, kind, name, options),
      ),
    );
  withExample(
    withJson(limit),
    'cw queue limit group deploy --exclusive',
    'cw queue limit agent claude --max 2 --rate 30/1h',
    'cw queue limit workspace . --clear',
  );

  const limits = queue
    .command('limits')
    .description('list what is limited or paused, and how far it is used up')
    .action(
      run(async (context, options: JsonOption) =>
        (await import('./queue/list-limits.js')).listLimits(context, options),
      ),
    );
  withExample(withJson(limits), 'cw queue limits');
}

function withPart(command: Command): Command {
  return command
    .option('--agent <profile>', 'only the tasks of this agent profile')
    .option('--workspace <dir>', 'only those in this directory, or in the workspace with this id')
    .option('--group <name>', 'only those of this group');
}
