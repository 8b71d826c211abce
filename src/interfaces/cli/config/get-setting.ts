import { loadConfig } from '../../../config.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { toJson } from '../output/json.js';
import { createTerminal } from '../terminal.js';
import { settingPath, valueAt } from './setting-path.js';

/** Prints what is in effect for a key: text as it is, everything else as JSON. */
export async function getSetting(context: Context, key: string, { json }: JsonOption): Promise<ExitCode> {
  const config = loadConfig(context.paths.config);
  const value = valueAt(config, settingPath(key, config));
  if (value === undefined) throw new CliError(EXIT.notFound, `There is no setting ${key}; see: cw config list`);
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(value);
  else terminal.print(typeof value === 'string' ? escapeControls(value) : toJson(value));
  return EXIT.done;
}
