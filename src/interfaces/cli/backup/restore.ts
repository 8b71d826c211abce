import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../../environment.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { packageRoot } from '../../../installation.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { formatSize } from '../output/sizes.js';
import { createTerminal } from '../terminal.js';

/** What `dist/restore.js` offers. Written down here, because nothing may be built upon the server's side. */
interface Restoring {
  restore(options: {
    readonly environment: Environment;
    readonly file: string;
  }): Promise<
    | { readonly restored: true; readonly bytes: number; readonly position: number; readonly kept: string | null }
    | { readonly restored: false; readonly exitCode: ExitCode; readonly message: string }
  >;
}

/** Puts a backup in the place of the database, while no server runs. */
export async function restore(context: Context, named: string, { json }: JsonOption): Promise<ExitCode> {
  const terminal = createTerminal(context);
  const file = resolve(named);
  // By address and not by name: it is a program of its own beside the CLI, and must not be built into it.
  const entry = (await import(pathToFileURL(join(packageRoot(), 'dist', 'restore.js')).href)) as Restoring;
  const end = await entry.restore({ environment: context.environment, file });
  if (!end.restored) throw new CliError(end.exitCode, end.message);
  const { bytes, position, kept } = end;
  if (json === true) terminal.printJson({ restored: true, file, bytes, position, kept });
  else {
    const before = kept === null ? '' : ` What was there before is in ${escapeControls(kept)}.`;
    terminal.print(`Restored ${escapeControls(file)}: ${formatSize(bytes)}, ${String(position)} events.${before}`);
  }
  return EXIT.done;
}
