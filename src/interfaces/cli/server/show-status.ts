import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { createTerminal } from '../terminal.js';
import { noServer } from './connect.js';
import { findServer } from './find-server.js';
import { openClient } from './open-client.js';

/** What `cw status --json` prints when no server runs: the same shape, and nothing in it. */
const NO_SERVER = { server: null, queue: null, limits: null, pool: null, sessions: null, memory: null, events: null };

/** Shows the server at a glance. Never starts one; that none runs is an answer too. */
export async function showStatus(context: Context, { json }: JsonOption): Promise<ExitCode> {
  const terminal = createTerminal(context);
  if ((await findServer(context.paths)) === undefined) {
    if (json === true) terminal.printJson(NO_SERVER);
    else terminal.print(noServer(context.paths));
    return EXIT.done;
  }
  await using client = openClient(context);
  const status = await client.system.status.query();
  if (json === true) terminal.printJson(status);
  else {
    const { renderStatus } = await import('./render-status.js');
    terminal.print(renderStatus(status, terminal.colours));
  }
  return EXIT.done;
}
