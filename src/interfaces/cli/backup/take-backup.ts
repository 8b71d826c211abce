import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { createLiveLine } from '../output/live-line.js';
import { formatSize } from '../output/sizes.js';
import { formatDuration } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** As long as the server gives a backup, in milliseconds; a silent minute is nothing wrong here. */
const TIMEOUT_MS = 3_600_000;

/** Has the server copy its database; on a terminal the time that passes and the size of the copy are shown. */
export async function takeBackup(context: Context, file: string | undefined, { json }: JsonOption): Promise<ExitCode> {
  const terminal = createTerminal(context);
  const target = file === undefined ? undefined : resolve(file);
  await using client = await connect(context, { timeoutMs: TIMEOUT_MS });
  context.interruptNote = 'The server goes on with the backup.';
  const progress = createLiveLine(context, json !== true);
  const begin = Date.now();
  progress.show(() => {
    const bytes = sizeOfPart(target, context.paths.backups);
    const size = bytes === undefined ? '' : `, ${formatSize(bytes)}`;
    return `Backing up for ${formatDuration(Date.now() - begin)}${size}…`;
  });
  const taken = await client.system.backup
    .mutate(target === undefined ? undefined : { file: target })
    .finally(() => progress.clear());
  if (json === true) terminal.printJson(taken);
  else {
    const { bytes, position, tookMs } = taken;
    terminal.print(
      `Backed up to ${escapeControls(taken.file)}: ${formatSize(bytes)}, ${String(position)} events, checked, in ${formatDuration(tookMs)}.`,
    );
  }
  return EXIT.done;
}

/** The size of what is there of the backup so far; undefined where it cannot be seen. */
function sizeOfPart(target: string | undefined, backups: string): number | undefined {
  const directory = target === undefined ? backups : dirname(target);
  const start = target === undefined ? 'cw-' : basename(target);
  try {
    const part = readdirSync(directory).findLast((name) => name.startsWith(start) && name.endsWith('.partial'));
    return part === undefined ? undefined : statSync(join(directory, part)).size;
  } catch {
    // Only a hint for somebody who looks on.
    return undefined;
  }
}
