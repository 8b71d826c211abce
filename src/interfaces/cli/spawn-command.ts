import { type Command, Option } from 'commander';
import { withExample, withJson } from './help.js';
import type { Run } from './run-action.js';
import type { SpawnOptions } from './task/spawn-task.js';

/** `cw spawn`: enqueue a task. */
export function addSpawnCommand(program: Command, run: Run): void {
  const spawn = program
    .command('spawn')
    .description('give a task to an agent; starts the server if none runs')
    .argument('[prompt...]', 'what the agent should do; - reads it from stdin, -- ends the options')
    .option('--agent <profile>', 'agent profile (default: defaultAgent of the configuration)')
    .option('--fallback <profile>', 'agent profile that takes it while the account of the first has reached a limit')
    .option('--workspace <dir>', 'directory to work in, or the id of a workspace (default: the current directory)')
    .option('--priority <n>', 'higher goes first, from -1000 to 1000 (default: 0)')
    .option('--delay <duration>', 'start no earlier than after 10m, 1h30m …')
    .option('--at <time>', 'start no earlier than at an ISO time, or at the next HH:MM')
    .option('--after <id>', 'start when this task has completed; repeat it or separate ids by commas', collectIds, [])
    .option('--after-any <id>', 'the same, but start also when that one has failed or was cancelled', collectIds, [])
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
    .option('--timeout <duration>', 'time limit of each attempt')
    .option('--deadline <when>', 'it has failed if it has not finished after 2h, or at an ISO time or the next HH:MM')
    .option(
      '--graph <file>',
      'enqueue all tasks of a JSON file, or of stdin for -; the other options are for those that say nothing',
    )
    .option('--wait', 'wait until the task has finished and exit with its outcome: 0 if it completed, else 1')
    .option('--follow', 'wait, and stream its output; with --json as JSON lines, the finished task last')
    .action(
      run(async (context, words: string[], { graph, ...options }: SpawnOptions & { graph?: string }) =>
        graph === undefined
          ? (await import('./task/spawn-task.js')).spawnTask(context, words, options)
          : (await import('./task/spawn-graph.js')).spawnGraph(context, graph, words, options),
      ),
    )
    .addHelpText(
      'after',
      `
A graph is {"tasks": [{"name": "build", "prompt": "npm run build"}, {"name": "test", "prompt": "npm test", "after": ["build"]}]},
with the fields of task.enqueue in the API (durations in milliseconds). "after" takes names, ids of tasks, and
{"task": "build", "onFailure": "run"} for one whose failure does not matter.`,
    );
  withExample(
    withJson(spawn),
    'cw spawn --agent shell --workspace . --wait --follow "npm test"',
    'cw spawn --at 22:30 --unique nightly "update the dependencies and open a pull request"',
    'cw spawn --agent shell --max-attempts 5 --backoff 1s,10s,1m --never-retry timeout "./deploy.sh"',
    'cw spawn --agent claude --fallback codex "fix the failing test"',
    'cw spawn --agent shell -- ls -la',
    'cw spawn - < prompt.md',
    'cw spawn --agent shell --graph release.json --wait',
  );
}

function collectIds(text: string, ids: readonly string[]): readonly string[] {
  return [...ids, ...text.split(',').map((id) => id.trim())];
}
