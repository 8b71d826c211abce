import type { Command } from 'commander';
import { type JsonOption, withExample, withJson } from './help.js';
import type { Run } from './run-action.js';

/** `cw config …`: the file, without a server. */
export function addConfigCommands(program: Command, run: Run): void {
  const config = program.command('config').helpCommand(false).description('read and change the configuration file');

  const path = config
    .command('path')
    .description('print where the configuration file is, or would be')
    .action(
      run(async (context, options: JsonOption) => (await import('./config/show-path.js')).showPath(context, options)),
    );
  withExample(withJson(path), '$EDITOR "$(cw config path)"');

  const get = config
    .command('get')
    .description('print the value that is in effect, from the file or by default')
    .argument('<key>', 'such as pool.max')
    .action(
      run(async (context, key: string, options: JsonOption) =>
        (await import('./config/get-setting.js')).getSetting(context, key, options),
      ),
    );
  withExample(withJson(get), 'cw config get pool.max');

  const set = config
    .command('set')
    .description('change a value in the file; a running server reads it at its next start')
    .argument('<key>', 'such as pool.max')
    .argument('<value>', 'JSON, or plain text')
    .action(
      run(async (context, key: string, value: string, options: JsonOption) =>
        (await import('./config/set-setting.js')).setSetting(context, key, value, options),
      ),
    );
  withExample(
    withJson(set),
    'cw config set pool.max 4',
    `cw config set agents.tests '{"protocol":"command","command":"npm","args":["test"]}'`,
  );

  const list = config
    .command('list')
    .description('print every setting that is in effect')
    .action(
      run(async (context, options: JsonOption) =>
        (await import('./config/list-settings.js')).listSettings(context, options),
      ),
    );
  withExample(withJson(list), 'cw config list');
}
