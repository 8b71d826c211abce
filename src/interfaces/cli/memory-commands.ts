import type { Command } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import { addContextCommand } from './memory/context-command.js';
import type { Run } from './run-action.js';

/** `cw memory …` */
export function addMemoryCommands(program: Command, run: Run): void {
  const memory = program.command('memory').helpCommand(false).description('look at what is remembered');

  const show = memory
    .command('show')
    .description('show all that is remembered under an id')
    .argument('<id>')
    .action(
      run(async (context, id: string, options: JsonOption) =>
        (await import('./memory/show-observation.js')).showObservation(context, id, options),
      ),
    );
  withExample(withJson(show), 'cw memory show obs_01ABCDEF234');

  addContextCommand(memory, run);
}
