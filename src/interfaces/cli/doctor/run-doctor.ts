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
import { checkOfProbe, probeAgents } from './probe-agents.js';

export interface DoctorOptions extends JsonOption {
  /** True for all that are found; else the names of profiles. */
  readonly probe?: true | readonly string[];
}

/**
 * Looks at everything that must be right and says what to do about what is not. Changes nothing; only a probe starts a
 * server where none runs, and agents for a moment.
 */
export async function runDoctor(context: Context, { json, probe }: DoctorOptions): Promise<ExitCode> {
  const { check: configFile, config } = checkConfigFile(context.paths.config);
  const { checks: server, client } = await checkServer(context);
  const programs = await checkPrograms(context, config, client);
  await client?.close();
  const probed = probe === undefined ? [] : await probeAgents(context, probe === true ? null : probe);
  const checks = [
    checkNode(),
    ...checkHome(context.paths),
    configFile,
    ...server,
    ...programs,
    ...checkConnections(context),
    ...probed.map(checkOfProbe),
  ];

  const terminal = createTerminal(context);
  const failed = checks.some(({ status }) => status === 'fail');
  if (json === true) terminal.printJson({ ok: !failed, checks, ...(probe !== undefined && { probes: probed }) });
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
