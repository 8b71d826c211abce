import type { Command } from 'commander';
import { type JsonOption, withExample, withJson } from '../help.js';
import type { Run } from '../run-action.js';
import type { NoteOptions } from './add-note.js';
import type { ForgetOptions } from './forget.js';
import type { PruneOptions } from './prune.js';
import type { RequeueOptions } from './requeue.js';

/** `cw memory add`, `forget`, `prune`, `requeue`, `export`, `import` */
export function addCareCommands(memory: Command, run: Run): void {
  const add = memory
    .command('add')
    .description('remember a note')
    .argument('<text...>', 'the note; a single - reads it from stdin')
    .option('--pin', 'hand it to every session')
    .option('--workspace <dir>', 'the directory that it is about, or the id of a workspace', '.')
    .action(
      run(async (context, words: string[], options: NoteOptions) =>
        (await import('./add-note.js')).addNote(context, words, options),
      ),
    );
  withExample(withJson(add), 'cw memory add --pin "The staging database is read-only."');

  const forget = memory
    .command('forget')
    .description('take out for good what is remembered: by ids, or by all that is given')
    .argument('[ids...]', 'observations, notes and summaries')
    .option('--session <id>', 'all of a session')
    .option('--workspace <dir>', 'of this directory, or of the workspace with this id')
    .option('--file <path>', 'what read or changed this file')
    .option('--since <time>', 'from this date or time on')
    .option('--until <time>', 'up to this date or time')
    .option('--query <text>', 'what has all of these words')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
A task keeps its own prompt and output. The bytes are in the file until: cw memory prune`,
    )
    .action(
      run(async (context, ids: string[], options: ForgetOptions) =>
        (await import('./forget.js')).forget(context, ids, options),
      ),
    );
  withExample(
    withJson(forget),
    'cw memory forget obs_01ABCDEF234',
    'cw memory forget --file src/secret.ts --since 2027-01-31',
  );

  const prune = memory
    .command('prune')
    .description('leave no byte of what was forgotten in the database')
    .option('--dry-run', 'only say how large the database is, and how much of it is free')
    .action(run(async (context, options: PruneOptions) => (await import('./prune.js')).prune(context, options)));
  withExample(withJson(prune), 'cw memory prune --dry-run', 'cw memory prune');

  const exporting = memory
    .command('export')
    .description('write sessions, prompts and observations to a file, as JSON lines')
    .argument('<file>', 'a new file; - for stdout')
    .action(
      run(async (context, file: string, options: JsonOption) =>
        (await import('./move-memory.js')).exportMemory(context, file, options),
      ),
    );
  withExample(withJson(exporting), 'cw memory export memory.jsonl');

  const importing = memory
    .command('import')
    .description('take in what was exported; what is known already stays as it is')
    .argument('<file>', 'the file; - for stdin; or the word claude-mem, and then its database')
    .argument('[database]', 'the database of claude-mem, which is only read')
    .action(
      run(async (context, file: string, database: string | undefined, options: JsonOption) =>
        database === undefined
          ? (await import('./move-memory.js')).importMemory(context, file, options)
          : (await import('./import-claude-mem.js')).importClaudeMem(context, file, database, options),
      ),
    );
  withExample(
    withJson(importing),
    'cw memory import memory.jsonl',
    'cw memory import claude-mem ~/.claude-mem/claude-mem.db',
  );

  const requeue = memory
    .command('requeue')
    .description('have the model try again what it failed to distil')
    .option('--session <id>', 'of this session only')
    .action(run(async (context, options: RequeueOptions) => (await import('./requeue.js')).requeue(context, options)));
  withExample(withJson(requeue), 'cw memory requeue');
}
