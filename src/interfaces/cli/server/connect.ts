import { compareVersions } from '../../../compare-versions.js';
import { EXIT } from '../../../exit-codes.js';
import type { HomePaths } from '../../../home/home-paths.js';
import { packageVersion } from '../../../installation.js';
import type { Client, ClientOptions } from '../../client/client.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { findServer } from './find-server.js';
import { openClient } from './open-client.js';

export type { Client } from '../../client/client.js';

/**
 * A client of the server of this data directory, which is started if none runs, and replaced if it is older than this
 * command. Its calls go on at the next server when that one drains.
 */
export async function connect(context: Context, options: Pick<ClientOptions, 'timeoutMs'> = {}): Promise<Client> {
  const { environment, paths } = context;
  let server = await findServer(paths);
  if (!environment.autostart) {
    if (server !== undefined) return openClient(context, options);
    throw new CliError(
      EXIT.failed,
      `No server runs for ${paths.home}, and CW_NO_AUTOSTART=1 forbids to start one. Use: cw start`,
    );
  }
  const isUsable =
    server !== undefined && server.status !== 'draining' && compareVersions(server.version, packageVersion()) >= 0;
  if (!isUsable) await start();
  return openClient(context, {
    ...options,
    recover: async () => {
      const before = server?.instanceId;
      await start();
      return server?.instanceId !== before;
    },
  });

  async function start(): Promise<void> {
    const { startServer } = await import('./start-server.js');
    ({ server } = await startServer(context));
  }
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
