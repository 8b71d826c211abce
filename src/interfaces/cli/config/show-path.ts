import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { createTerminal } from '../terminal.js';

/** Prints where the configuration file is, or would be. */
export async function showPath(context: Context, { json }: JsonOption): Promise<ExitCode> {
  const terminal = createTerminal(context);
  const path = context.paths.config;
  if (json === true) terminal.printJson(path);
  else terminal.print(path);
  return EXIT.done;
}
