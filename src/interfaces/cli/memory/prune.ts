import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { formatSize } from '../output/sizes.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** The database may be written anew for as long, in milliseconds. */
const TIMEOUT_MS = 600_000;

export interface PruneOptions extends JsonOption {
  readonly dryRun?: true;
}

/** Has the database written anew without what was forgotten, or says what that would do. */
export async function prune(context: Context, { json, dryRun }: PruneOptions): Promise<ExitCode> {
  await using client = await connect(context, { timeoutMs: TIMEOUT_MS });
  const pruned = await client.observation.prune.mutate({ dryRun: dryRun === true });
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(pruned);
  else if (dryRun === true) {
    const { bytesBefore, bytesAfter } = pruned;
    terminal.print(
      `The database has ${formatSize(bytesBefore)}; about ${formatSize(bytesBefore - bytesAfter)} of it is free and would go.`,
    );
  } else {
    const { bytesBefore, bytesAfter } = pruned;
    terminal.print(`The database had ${formatSize(bytesBefore)} and has ${formatSize(bytesAfter)} now.`);
    terminal.note('Backups in backups/ hold what was there when they were taken.');
  }
  return EXIT.done;
}
