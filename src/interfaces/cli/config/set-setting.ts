import { checkConfig, readConfigFile } from '../../../config.js';
import { ConfigurationError } from '../../../environment.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { prepareHome } from '../../../home/prepare-home.js';
import { usageError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { toJson } from '../output/json.js';
import { createTerminal } from '../terminal.js';
import { settingPath, valueAt, withValueAt } from './setting-path.js';
import { writeConfigFile } from './write-config-file.js';

/** Changes one value, if the file is good before and after; else nothing is written. */
export async function setSetting(context: Context, key: string, text: string, { json }: JsonOption): Promise<ExitCode> {
  const file = context.paths.config;
  const document = readConfigFile(file);
  checkConfig(document, file);
  const path = settingPath(key, document);
  const changed = withValueAt(document, path, readValue(text));
  const effective = valueAt(checkChanged(changed, key), path);
  await prepareHome(context.paths);
  await writeConfigFile(file, changed);
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson(effective);
  else terminal.print(`${escapeControls(key)} is ${toJson(effective)}. A running server reads it at its next start.`);
  return EXIT.done;
}

/** JSON if it is JSON; any other text stands for itself, so that `cw config set defaultAgent shell` needs no quotes. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is wrong now, the user has just typed: wrong usage, and not a bad file. */
function checkChanged(changed: unknown, key: string): unknown {
  try {
    return checkConfig(changed, 'what would be written');
  } catch (error) {
    if (error instanceof ConfigurationError) throw usageError(`Cannot set ${key}. ${error.message}`);
    throw error;
  }
}
