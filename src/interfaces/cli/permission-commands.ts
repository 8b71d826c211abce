import { type Command, Option } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import { type ListOptions, withPaging } from './list/list-options.js';
import { PERMISSION_STATUSES } from './permission/permission-statuses.js';
import type { Run } from './run-action.js';

/** `cw inbox`, `cw approve` and `cw deny`. */
export function addPermissionCommands(program: Command, run: Run): void {
  const inbox = program
    .command('inbox')
    .description('list what agents ask leave for and nobody has answered yet')
    .addOption(new Option('--status <status>', 'what became of it, instead of what waits').choices(PERMISSION_STATUSES))
    .option('--all', 'whatever became of it')
    .action(
      run(async (context, options: ListOptions & { status?: string; all?: boolean }) =>
        (await import('./permission/list-permissions.js')).listPermissions(context, options),
      ),
    );
  withExample(withJson(withPaging(inbox)), 'cw inbox');

  const approve = program
    .command('approve')
    .description('let an agent use the tool that it asks leave for')
    .argument('<id>')
    .option('--always', 'for every later use of this tool by agents of this profile in this workspace')
    .action(
      run(async (context, id: string, options: JsonOption & { always?: boolean }) =>
        (await import('./permission/answer-permission.js')).answerPermission(context, 'allow', id, options),
      ),
    );
  withExample(withJson(approve), 'cw approve perm_01ABCDEF234 --always');

  const deny = program
    .command('deny')
    .description('keep an agent from using the tool that it asks leave for')
    .argument('<id>')
    .option('--always', 'for every later use of this tool by agents of this profile in this workspace')
    .option('--message <text>', 'why, as the agent is told')
    .action(
      run(async (context, id: string, options: JsonOption & { always?: boolean; message?: string }) =>
        (await import('./permission/answer-permission.js')).answerPermission(context, 'deny', id, options),
      ),
    );
  withExample(withJson(deny), 'cw deny perm_01ABCDEF234 --message "Use the staging database."');
}
