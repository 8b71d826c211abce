import { type Command, Option } from 'commander';

/** Adds what may be said about a task whenever it is enqueued; `read-task.ts` reads it. */
export function withTaskOptions(command: Command): Command {
  return command
    .option('--agent <profile>', 'agent profile (default: defaultAgent of the configuration)')
    .option('--fallback <profile>', 'agent profile that takes it while the account of the first has reached a limit')
    .option('--workspace <dir>', 'directory to work in, or the id of a workspace (default: the current directory)')
    .option('--priority <n>', 'higher goes first, from -1000 to 1000 (default: 0)')
    .option('--group <name>', 'the tasks that share its limits; see: cw queue limit --help')
    .option('--unique <key>', 'if an unfinished task has this key, give that one back instead')
    .addOption(
      new Option(
        '--unique-while <state>',
        'with --unique: which task counts, one that only waits or also one that runs',
      )
        .choices(['waiting', 'unfinished'])
        .conflicts('uniqueFor'),
    )
    .option('--unique-for <duration>', 'with --unique: any task of the last 10m, 1h30m … counts, also a finished one')
    .option('--max-attempts <n>', 'how often it is tried before it has failed')
    .option(
      '--backoff <delays>',
      'pause before the next attempt: 30s, or 1s,10s,1m one after the other, or 1s..5m doubling',
    )
    .option('--never-retry <codes>', 'no other attempt after these: failed, timeout, crashed')
    .option('--timeout <duration>', 'time limit of each attempt');
}
