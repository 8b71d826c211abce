import { type Command, Option } from 'commander';
import { withExample, withJson } from './help.js';
import type { Run } from './run-action.js';
import type { CancelOptions } from './task/cancel-task.js';
import type { ChangeTasksOptions } from './task/change-tasks.js';
import { TASK_CODES } from './task/task-codes.js';

/** `cw task cancel|retry|discard`: what can be done to one task, to some, or to all that fit. */
export function addTaskChangeCommands(task: Command, run: Run): void {
  const cancel = task
    .command('cancel')
    .description('cancel tasks that have not finished and end what their agents run')
    .argument('[ids...]')
    .option('--reason <text>', 'kept with the task')
    .addOption(statusOption('blocked', 'scheduled', 'pending', 'processing'))
    .action(
      run(async (context, ids: string[], options: CancelOptions) =>
        (await import('./task/cancel-task.js')).cancelTasks(context, ids, options),
      ),
    );
  withExample(
    withJson(withSelection(cancel)),
    'cw task cancel task_01ABCDEF234 --reason "no longer needed"',
    'cw task cancel --status pending --agent claude',
  );

  const retry = task
    .command('retry')
    .description('give failed or cancelled tasks all their attempts again')
    .argument('[ids...]')
    .addOption(statusOption('failed', 'cancelled'))
    .action(
      run(async (context, ids: string[], options: ChangeTasksOptions) =>
        (await import('./task/retry-task.js')).retryTasks(context, ids, options),
      ),
    );
  withExample(
    withJson(withSelection(retry)),
    'cw task retry task_01ABCDEF234',
    'cw task retry --status failed --code timeout',
  );

  const discard = task
    .command('discard')
    .description('take failed or cancelled tasks out for good, with their attempts and output')
    .argument('[ids...]')
    .addOption(statusOption('failed', 'cancelled'))
    .action(
      run(async (context, ids: string[], options: ChangeTasksOptions) =>
        (await import('./task/discard-task.js')).discardTasks(context, ids, options),
      ),
    );
  withExample(
    withJson(withSelection(discard)),
    'cw task discard task_01ABCDEF234',
    'cw task discard --status failed --older-than 7d --yes',
  );
}

function statusOption(...statuses: string[]): Option {
  return new Option('--status <status>', 'in place of ids: all in this state').choices(statuses);
}

function withSelection(command: Command): Command {
  return command
    .option('--agent <profile>', 'of those, only tasks of this agent profile')
    .option('--workspace <dir>', 'only tasks in this directory, or in the workspace with this id')
    .option('--group <name>', 'only tasks of this group')
    .addOption(new Option('--code <code>', 'only tasks with this error').choices(TASK_CODES))
    .option('--older-than <duration>', 'only tasks that finished, or else were enqueued, before that: 2d')
    .option('--yes', 'do not ask first');
}
