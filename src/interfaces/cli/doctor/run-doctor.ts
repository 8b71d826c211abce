import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { escapeControls } from '../output/escape-controls.js';
import { createTerminal, type Terminal } from '../terminal.js';
import type { Check } from './check.js';
import { checkConfigFile } from './check-config.js';
import { checkConnections } from './check-connections.js';
import { checkHome } from './check-home.js';
import { checkNode } from './check-node.js';
import { checkPrograms } from './check-programs.js';
import { checkServer } from './check-server.js';

/** Looks at everything that must be right and says what to do about what is not. Changes nothing. */
export async function runDoctor(context: Context, { json }: JsonOption): Promise<ExitCode> {
  const { check: configFile, config } = checkConfigFile(context.paths.config);
  const { checks: server, client } = await checkServer(context);
  const programs = await checkPrograms(context, config, client);
  await client?.close();
  const checks = [
    checkNode(),
    ...checkHome(context.paths),
    configFile,
    ...server,
    ...programs,
    ...checkConnections(context),
  ];

  const terminal = createTerminal(context);
  const failed = checks.some(({ status }) => status === 'fail');
  if (json === true) terminal.printJson({ ok: !failed, checks });
  else terminal.print(renderChecks(checks, terminal));
  return failed ? EXIT.failed : EXIT.done;
}

function renderChecks(checks: readonly Check[], { colours }: Terminal): string {
  const marks = { ok: colours.green('ok  '), warn: colours.yellow('warn'), fail: colours.red('FAIL') };
  const width = Math.max(...checks.map(({ name }) => name.length)) + 2;
  return checks
    .map(({ name, status, message, advice }) => {
      const found = `${marks[status]}  ${name.padEnd(width)}${escapeControls(message)}`;
      return advice === null ? found : `${found}\n${' '.repeat(6 + width)}→ ${escapeControls(advice)}`;
    })
    .join('\n');
}
