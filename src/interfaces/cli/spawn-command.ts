import type { Command } from 'commander';
import { withExample, withJson } from './help.js';
import type { Run } from './run-action.js';
import type { SpawnOptions } from './task/spawn-task.js';
import { withTaskOptions } from './task/task-options.js';

/** `cw spawn`: enqueue a task. */
export function addSpawnCommand(program: Command, run: Run): void {
  const spawn = program
    .command('spawn')
    .description('give a task to an agent; starts the server if none runs')
    .argument('[prompt...]', 'what the agent should do; - reads it from stdin, -- ends the options');
  withTaskOptions(spawn)
    .option('--delay <duration>', 'start no earlier than after 10m, 1h30m …')
    .option('--at <time>', 'start no earlier than at an ISO time, or at the next HH:MM')
    .option('--after <id>', 'start when this task has completed; repeat it or separate ids by commas', collectIds, [])
    .option('--after-any <id>', 'the same, but start also when that one has failed or was cancelled', collectIds, [])
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
