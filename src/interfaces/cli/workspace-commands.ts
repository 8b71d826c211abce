import type { Command } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import { type ListOptions, withPaging } from './list/list-options.js';
import type { Run } from './run-action.js';

/** `cw workspace …` */
export function addWorkspaceCommands(program: Command, run: Run): void {
  const workspace = program.command('workspace').helpCommand(false).description('the directories in which agents work');

  const list = workspace
    .command('list')
    .description('list the registered directories, newest first')
    .action(
      run(async (context, options: ListOptions) =>
        (await import('./workspace/list-workspaces.js')).listWorkspaces(context, options),
      ),
    );
  withExample(withJson(withPaging(list)), 'cw workspace list');

  const add = workspace
    .command('add')
    .description('register a directory; a task registers its own by itself')
    .argument('[dir]', 'the directory', '.')
    .action(
      run(async (context, directory: string, options: JsonOption) =>
        (await import('./workspace/add-workspace.js')).addWorkspace(context, directory, options),
      ),
    );
  withExample(withJson(add), 'cw workspace add ~/src/project');

  const scan = workspace
    .command('scan')
    .description('count the files of a registered directory, and ask git about its branch and what is dirty')
    .argument('[dir]', 'the directory, or the id of a workspace', '.')
    .action(
      run(async (context, place: string, options: JsonOption) =>
        (await import('./workspace/scan-workspace.js')).scanWorkspace(context, place, options),
      ),
    );
  withExample(withJson(scan), 'cw workspace scan ~/src/project');

  const remove = workspace
    .command('remove')
    .description('take a directory off the list; nothing in it is touched, its tasks stay')
    .argument('<dir>', 'the directory, or the id of a workspace')
    .action(
      run(async (context, place: string, options: JsonOption) =>
        (await import('./workspace/remove-workspace.js')).removeWorkspace(context, place, options),
      ),
    );
  withExample(withJson(remove), 'cw workspace remove ~/src/project');
}
