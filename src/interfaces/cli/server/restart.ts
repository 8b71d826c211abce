import { compareVersions } from '../../../compare-versions.js';
import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { packageVersion } from '../../../installation.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { createTerminal } from '../terminal.js';
import { findServer } from './find-server.js';
import { readLogEnd } from './start-log.js';
import { startServer } from './start-server.js';

/** Puts another server in the place of the one that runs, and proves it; starts one if none runs. */
export async function restart(context: Context, { json }: JsonOption): Promise<ExitCode> {
  const { paths } = context;
  const expected = packageVersion();
  const old = await findServer(paths);
  if (old !== undefined && compareVersions(expected, old.version) < 0) {
    throw new CliError(
      EXIT.failed,
      `The server is version ${old.version} and this command ${expected}; restart it with the newer command, or use cw stop.`,
    );
  }
  const { server, started } = await startServer(context, ({ instanceId }) => instanceId === old?.instanceId);
  if (server.version !== expected) {
    throw new CliError(
      EXIT.failed,
      `The server that runs now is version ${server.version} (process ${String(server.pid)}, ${server.status}), not ${expected}; its log ends with:`,
      readLogEnd(paths),
    );
  }
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson({ restarted: old !== undefined, started, server, previous: old ?? null });
  else {
    const what = old === undefined ? 'No server ran; one is up now' : 'The server was restarted';
    terminal.print(`${what} (version ${server.version}, process ${String(server.pid)}).`);
  }
  return EXIT.done;
}
