import { loadConfig, readConfigFile } from '../../../config.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { toJson } from '../output/json.js';
import { renderTable } from '../output/table.js';
import { createTerminal } from '../terminal.js';
import { type SettingPath, valueAt } from './setting-path.js';

interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly isDefault: boolean;
}

/** Prints every setting, and whether it stands in the file. With --json the whole configuration as one document. */
export async function listSettings(context: Context, { json }: JsonOption): Promise<ExitCode> {
  const file = context.paths.config;
  const config = loadConfig(file);
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(config);
    return EXIT.done;
  }
  const { colours } = terminal;
  const table = renderTable(
    [...settingsIn(config, readConfigFile(file), [])],
    [
      { title: 'KEY', text: ({ key }: Setting) => key },
      { title: 'VALUE', text: ({ value }) => toJson(value), shrinks: true },
      {
        title: 'FROM',
        text: ({ isDefault }) => (isDefault ? 'default' : 'file'),
        colour: (text, { isDefault }) => (isDefault ? colours.dim(text) : text),
      },
    ],
    terminal,
  );
  terminal.print(table);
  return EXIT.done;
}

/** A setting for each leaf, and one for each profile and list. */
function* settingsIn(value: unknown, document: unknown, path: SettingPath): Generator<Setting> {
  const isProfile = path[0] === 'agents' && path.length > 1;
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isProfile) {
    for (const [name, member] of Object.entries(value)) yield* settingsIn(member, document, [...path, name]);
  } else yield { key: path.join('.'), value, isDefault: valueAt(document, path) === undefined };
}
