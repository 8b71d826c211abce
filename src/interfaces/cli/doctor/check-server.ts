import { createServer } from 'node:net';
import { messageOf } from '../../../domain/shared/thrown.js';
import { readCheck } from '../../../home/check-record.js';
import { packageVersion } from '../../../installation.js';
import { holderOfPort } from '../../../port-holder.js';
import { fetchHealth } from '../../client/fetch-health.js';
import type { Context } from '../context.js';
import { formatSize } from '../output/sizes.js';
import { formatDuration } from '../output/times.js';
import type { Client } from '../server/connect.js';
import { silence } from '../server/find-server.js';
import { openClient } from '../server/open-client.js';
import { type Check, fail, ok, warn } from './check.js';
import { lookAt } from './look-at.js';

/** As long as an answer over the socket may take on a busy machine, in milliseconds. */
const PATIENCE_MS = 3_000;
/** The way out of a damaged database. */
const RESTORE = 'Stop the server with `cw stop`, and go back to a backup: cw restore FILE';
const LOOPBACK = '127.0.0.1';

/** The server, its port and its database; `client` is there if it answers. */
export async function checkServer(context: Context): Promise<{ checks: Check[]; client: Client | undefined }> {
  const { paths } = context;
  const seen = await fetchHealth({ socketPath: paths.socket, timeoutMs: PATIENCE_MS });
  if (!seen.found) {
    const port = await checkFreePort(context);
    if (seen.why === 'absent') {
      const none = ok('server', 'None runs; `cw start` or the first task starts one.');
      return { checks: [none, port, await checkDatabaseFile(context)], client: undefined };
    }
    const message = seen.why === 'silent' ? silence(paths, PATIENCE_MS).message : seen.message;
    const stuck = fail('server', message, `See ${paths.serverLog}; end that process and run: cw start`);
    return { checks: [stuck, port], client: undefined };
  }
  const { version, instanceId, pid, uptimeMs, status } = seen.health;
  const ours = packageVersion();
  const text = `Version ${version}, process ${String(pid)}, ${status}, up ${formatDuration(uptimeMs)}.`;
  const server =
    version === ours
      ? ok('server', text)
      : warn(
          'server',
          `${text} This command is version ${ours}.`,
          'Bring both to one version: update the older one, then run: cw restart',
        );
  const client = openClient(context);
  return { checks: [server, ...(await askServer(client, instanceId))], client };
}

/** Whether the server can read its database, and answers at its port. Nobody but the server opens the file. */
async function askServer(client: Client, instanceId: string): Promise<Check[]> {
  try {
    const { server, events } = await client.system.status.query();
    const problems = server.services.flatMap(({ name, problem }) => (problem === null ? [] : [{ name, problem }]));
    const broken = problems.find(({ name }) => name === 'storage');
    const database =
      broken === undefined
        ? ok('database', `The server reads it; ${String(events.position)} events so far.`)
        : fail('database', broken.problem, RESTORE);
    const others = problems.filter((each) => each !== broken);
    const services = others.map(({ name, problem }) => fail(name, problem, 'See the log of the server.'));
    return [await checkOurPort(server.port, instanceId), database, ...services];
  } catch (error) {
    return [
      fail('database', `The server cannot say how it stands: ${messageOf(error)}`, 'See its log, or restart it.'),
    ];
  }
}

async function checkOurPort(port: number | null, instanceId: string): Promise<Check> {
  if (port === null)
    return warn('port', 'The server listens on no TCP port.', 'Only the browser and programs need one.');
  const url = `http://${LOOPBACK}:${String(port)}`;
  const seen = await fetchHealth({ url, timeoutMs: PATIENCE_MS });
  if (seen.found && seen.health.instanceId === instanceId) return ok('port', `The server answers at ${url}.`);
  const message = seen.found ? `Another server answers at ${url}.` : seen.message;
  return fail('port', message, 'Restart the server, or set CW_PORT to another port.');
}

async function checkFreePort({ environment: { port } }: Context): Promise<Check> {
  if (port === 0) return ok('port', 'CW_PORT is 0: the server takes any free one.');
  const code = await tryPort(port);
  if (code === undefined) return ok('port', `${String(port)} is free.`);
  const advice = 'Set CW_PORT to another port, or to 0 for any free one.';
  if (code === 'EADDRINUSE') {
    return fail('port', `${holderOfPort(port) ?? 'Somebody else'} holds port ${String(port)}.`, advice);
  }
  return fail('port', `Port ${String(port)} cannot be used (${code}).`, advice);
}

/** Listens for a moment; the answer is the error's code, if there is one. */
function tryPort(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      server.close(() => resolve(undefined));
    });
  });
}

async function checkDatabaseFile({ paths: { database, databaseCheck } }: Context): Promise<Check> {
  const found = lookAt(database);
  if (found === undefined) return ok('database', 'Not there yet; the first start makes it.');
  const fault = (await readCheck(databaseCheck))?.faults[0];
  if (fault !== undefined) return fail('database', `${database} is damaged (${fault}).`, RESTORE);
  return ok('database', `${formatSize(found.size)}; only a server opens it, and none runs.`);
}
