import { type Command, Option } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import { withPaging } from './list/list-options.js';
import { addCareCommands } from './memory/care-commands.js';
import { addContextCommand } from './memory/context-command.js';
import { ENTRY_TYPES } from './memory/entry-types.js';
import type { SearchOptions } from './memory/search-memory.js';
import type { TimelineOptions } from './memory/show-timeline.js';
import type { Run } from './run-action.js';

/** `cw memory …` */
export function addMemoryCommands(program: Command, run: Run): void {
  const memory = program.command('memory').helpCommand(false).description('look at what is remembered');

  const search = memory
    .command('search')
    .description('find what is remembered, best first; without words the newest')
    .argument('[words...]')
    .option('--workspace <dir>', 'only what belongs to this directory or workspace id, or to the same repository')
    .option('--session <id>', 'only what belongs to this session')
    .addOption(new Option('--type <type...>', 'only these types').choices(ENTRY_TYPES))
    .option('--file <path...>', 'only what is about these files; a name or a folder will do')
    .option('--concept <concept...>', 'only what is about these concepts')
    .option('--who <who...>', 'only what these said: user, agent, task, system')
    .option('--since <time>', 'not older than this date or time')
    .option('--until <time>', 'not newer than this date or time')
    .action(
      run(async (context, words: string[], options: SearchOptions) =>
        (await import('./memory/search-memory.js')).searchMemory(context, words, options),
      ),
    );
  withExample(withJson(withPaging(search)), 'cw memory search "why is the port taken" --type fix');

  const timeline = memory
    .command('timeline')
    .description(
      'show what was before and after an id, a time, or what answers a question best; without one, the latest',
    )
    .argument('[id or words...]')
    .option('--at <time>', 'around this date or time')
    .option('--workspace <dir>', 'only what belongs to this directory or workspace id, or to the same repository')
    .option('--session <id>', 'only what belongs to this session')
    .option('--before <n>', 'how many before it, up to 50', '10')
    .option('--after <n>', 'how many after it, up to 50', '10')
    .action(
      run(async (context, words: string[], options: TimelineOptions) =>
        (await import('./memory/show-timeline.js')).showTimeline(context, words, options),
      ),
    );
  withExample(withJson(timeline), 'cw memory timeline obs_01ABCDEF234 --before 5');

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
  addCareCommands(memory, run);
}
