import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** A large memory takes as long, in milliseconds. */
const TIMEOUT_MS = 3_600_000;
/** Of the projects without a directory, so many are named. */
const MAX_NAMED = 5;

/** Takes in the database of claude-mem. `program` is the word before it. */
export async function importClaudeMem(
  context: Context,
  program: string,
  database: string,
  { json }: JsonOption,
): Promise<ExitCode> {
  if (program !== 'claude-mem') {
    throw usageError('Give one file, or claude-mem and its database: cw memory import claude-mem <database>.');
  }
  await using client = await connect(context, { timeoutMs: TIMEOUT_MS });
  const result = await client.observation.importClaudeMem.mutate({ file: resolve(database) });
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(result);
    return EXIT.done;
  }
  const { imported, known, skipped, unplaced } = result;
  const left = skipped === 0 ? '' : ` ${String(skipped)} empty ones, or ones of no session, were left out.`;
  terminal.print(`Imported ${String(imported)} rows; ${String(known)} were known already.${left}`);
  if (unplaced.length > 0) {
    const names = unplaced.slice(0, MAX_NAMED).map(escapeControls).join(', ');
    const more = unplaced.length > MAX_NAMED ? ` and ${String(unplaced.length - MAX_NAMED)} more` : '';
    terminal.print(`No directory is known for ${names}${more}; search without a workspace finds them.`);
  }
  return EXIT.done;
}
