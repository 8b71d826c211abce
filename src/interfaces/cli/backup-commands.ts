import type { Command } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import type { Run } from './run-action.js';

/** `cw backup`, `cw restore`: a copy of everything that is remembered. */
export function addBackupCommands(program: Command, run: Run): void {
  const backup = program
    .command('backup [file]')
    .description('copy the database to a new file, while it is in use, and check the copy')
    .addHelpText(
      'after',
      `
Without a file it goes to the folder backups/ of CW_HOME, which keeps the 10 newest of those.`,
    )
    .action(
      run(async (context, file: string | undefined, options: JsonOption) =>
        (await import('./backup/take-backup.js')).takeBackup(context, file, options),
      ),
    );
  withExample(withJson(backup), 'cw backup', 'cw backup /mnt/disk/before-the-move.db');

  const restore = program
    .command('restore <file>')
    .description('put a backup in the place of the database, while no server runs; what was there is kept')
    .action(
      run(async (context, file: string, options: JsonOption) =>
        (await import('./backup/restore.js')).restore(context, file, options),
      ),
    );
  withExample(withJson(restore), 'cw stop && cw restore ~/.codewalkers/backups/cw-20270131-090005-123.db');
}
