import { EXIT, type ExitCode } from '../../../exit-codes.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { createTerminal } from '../terminal.js';
import { startServer } from './start-server.js';

/** Starts the server in the background; one that runs already will do. */
export async function start(context: Context, { json }: JsonOption): Promise<ExitCode> {
  const { started, server } = await startServer(context);
  const terminal = createTerminal(context);
  if (json === true) terminal.printJson({ started, server });
  else {
    const what = started ? 'The server is up' : 'A server runs already';
    terminal.print(`${what} (version ${server.version}, process ${String(server.pid)}).`);
  }
  return EXIT.done;
}
