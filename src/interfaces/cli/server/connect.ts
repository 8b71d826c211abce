import { EXIT } from '../../../exit-codes.js';
import type { HomePaths } from '../../../home/home-paths.js';
import { type Client, createClient } from '../../client/client.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { findServer } from './find-server.js';

export type { Client } from '../../client/client.js';

/** A client of the server of this data directory, which is started if none runs. */
export async function connect(context: Context): Promise<Client> {
  const { environment, paths } = context;
  const server = await findServer(paths);
  if (server === undefined || server.status === 'draining') {
    if (!environment.autostart && server === undefined) {
      throw new CliError(
        EXIT.failed,
        `No server runs for ${paths.home}, and CW_NO_AUTOSTART=1 forbids to start one. Use: cw start`,
      );
    }
    const { startServer } = await import('./start-server.js');
    await startServer(context);
  }
  return openClient(context);
}

/** A client of the server of this data directory. Throws a CliError if none runs. */
export async function connectToRunning(context: Context): Promise<Client> {
  if ((await findServer(context.paths)) === undefined) throw new CliError(EXIT.failed, noServer(context.paths));
  return openClient(context);
}

/** What is said where no server runs. */
export function noServer({ home }: HomePaths): string {
  return `No server runs for ${home}. It is started by: cw start`;
}

/** A client of the server that runs. Its subscriptions outlive restarts of the server. */
export function openClient({ paths }: Pick<Context, 'paths'>): Client {
  Object.defineProperty(globalThis, 'FormData', { value: NoFormData, configurable: true, writable: true });
  return createClient({ socketPath: paths.socket });
}

/**
 * tRPC asks of every input whether it is FormData, and the mere question makes Node load all of its `fetch`: a sixth of
 * what `cw status` takes. No input of a command ever is, so the name stands for nothing.
 */
class NoFormData {
  declare private readonly never: never;
}
