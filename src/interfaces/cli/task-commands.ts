import { type Command, Option } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import { withPaging } from './list/list-options.js';
import type { Run } from './run-action.js';
import type { ChangeOptions } from './task/change-task.js';
import type { TaskListOptions } from './task/list-tasks.js';
import { TASK_CODES } from './task/task-codes.js';
import { TASK_STATUSES } from './task/task-statuses.js';
import { addTaskChangeCommands } from './task-change-commands.js';

/** `cw task …` */
export function addTaskCommands(program: Command, run: Run): void {
  const task = program.command('task').helpCommand(false).description('look at tasks, change, cancel and retry them');

  const list = task
    .command('list')
    .description('list tasks, newest first')
    .addOption(new Option('--status <status>', 'only tasks in this state').choices(TASK_STATUSES))
    .option('--agent <profile>', 'only tasks of this agent profile')
    .option('--workspace <dir>', 'only tasks in this directory, or in the workspace with this id')
    .option('--group <name>', 'only tasks of this group')
    .addOption(new Option('--code <code>', 'only tasks with this error').choices(TASK_CODES))
    .option('--older-than <duration>', 'only tasks that finished, or else were enqueued, before that: 2d')
    .action(
      run(async (context, options: TaskListOptions) =>
        (await import('./task/list-tasks.js')).listTasks(context, options),
      ),
    );
  withExample(withJson(withPaging(list)), 'cw task list --status failed --workspace .');

  const show = task
    .command('show')
    .description('show all about a task and every attempt at it')
    .argument('<id>')
    .action(
      run(async (context, id: string, options: JsonOption) =>
        (await import('./task/show-task.js')).showTask(context, id, options),
      ),
    );
  withExample(withJson(show), 'cw task show task_01ABCDEF234');

  const logs = task
    .command('logs')
    .description("print the output of a task's latest attempt")
    .argument('<id>')
    .option('-f, --follow', 'go on until the task has finished, over all its attempts')
    .addHelpText(
      'after',
      `
Colours are shown on a terminal; every other control character in the output is escaped, and in a pipe all of them.
--json prints pieces of the output as they are, one JSON document a line.`,
    )
    .action(
      run(async (context, id: string, options: JsonOption & { follow?: true }) =>
        (await import('./task/show-logs.js')).showLogs(context, id, options),
      ),
    );
  withExample(withJson(logs), 'cw task logs -f task_01ABCDEF234');

  addTaskChangeCommands(task, run);

  const change = task
    .command('change')
    .description('change when a task runs that has not begun, and until when it may take')
    .argument('<id>')
    .option('--priority <n>', 'higher goes first, from -1000 to 1000')
    .addOption(new Option('--delay <duration>', 'start no earlier than after 10m, 1h30m …').conflicts(['at', 'now']))
    .addOption(
      new Option('--at <time>', 'start no earlier than at an ISO time, or at the next HH:MM').conflicts([
        'delay',
        'now',
      ]),
    )
    .addOption(new Option('--now', 'do not wait for its time any more').conflicts(['delay', 'at']))
    .option('--deadline <when>', 'it has failed if it has not finished after 2h, or at an ISO time or the next HH:MM')
    .option('--no-deadline', 'it may finish whenever it does')
    .action(
      run(async (context, id: string, options: ChangeOptions) =>
        (await import('./task/change-task.js')).changeTask(context, id, options),
      ),
    );
  withExample(
    withJson(change),
    'cw task change task_01ABCDEF234 --priority 10 --now',
    'cw task change task_01ABCDEF234 --at 22:30 --deadline 6h',
  );

  const result = task
    .command('result')
    .description('print what a completed task gave')
    .argument('<id>')
    .action(
      run(async (context, id: string, options: JsonOption) =>
        (await import('./task/show-result.js')).showResult(context, id, options),
      ),
    );
  withExample(withJson(result), 'cw task result task_01ABCDEF234');

  const results = task
    .command('results')
    .description('print what the tasks gave that a task comes after')
    .argument('<id>')
    .action(
      run(async (context, id: string, options: JsonOption) =>
        (await import('./task/show-results.js')).showResults(context, id, options),
      ),
    );
  withExample(withJson(results), 'cw task results task_01ABCDEF234');

  const tree = task
    .command('tree')
    .description('draw what a task comes after, and what comes after it')
    .argument('<id>')
    .action(
      run(async (context, id: string, options: JsonOption) =>
        (await import('./task/show-tree.js')).showTree(context, id, options),
      ),
    );
  withExample(withJson(tree), 'cw task tree task_01ABCDEF234');
}
