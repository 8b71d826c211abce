import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { homePaths } from '../../../src/home/home-paths.js';
import { fetchHealth } from '../../../src/interfaces/client/client.js';
import { openHome } from '../cli.js';
import { factsOf } from './process-facts.js';
import type { Proof } from './proof.js';

const CW = fileURLToPath(new URL('../../../bin/cw.js', import.meta.url));
/** How long the server is watched at its limit, in milliseconds. */
const HELD_MS = 3_000;
/** Most of a processor that it may use meanwhile, as a part of one. */
const MOST_BUSY = 0.2;
/** Most lines that it may write about it. */
const MOST_LINES = 5;

/** More connections than the server may have open files: it neither dies nor spins, and serves when they are closed. */
export async function runOutOfDescriptors({
  limit,
  connections,
}: {
  limit: number;
  connections: number;
}): Promise<Proof> {
  await using home = openHome();
  const { socket, serverLog } = homePaths(home.path);
  const { PATH = '' } = process.env;
  const server = spawn('/bin/sh', ['-c', `ulimit -n ${String(limit)}; exec "$0" "$1" serve`, process.execPath, CW], {
    env: { PATH, CW_HOME: home.path, CW_PORT: '0' },
    cwd: home.workspace,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(server.stdout, 'data');
  const { pid } = server;
  if (pid === undefined) throw new Error('The server has no process.');
  const lines = readFileSync(serverLog, 'utf8').split('\n').length;
  const open = Array.from({ length: connections }, () => connect(socket));
  for (const one of open) one.on('error', () => undefined);
  await Promise.all(open.map(settled));

  const before = factsOf(pid);
  await wait(HELD_MS);
  const held = factsOf(pid);
  const answersWhileFull = (await fetchHealth({ socketPath: socket })).found;
  for (const one of open) one.destroy();
  const begin = performance.now();
  while (!(await fetchHealth({ socketPath: socket })).found) await wait(5);
  const recoveredMs = Math.round(performance.now() - begin);
  const served = await home.run(['spawn', '--agent', 'shell', '--wait', 'echo served']);
  const busy = (held.cpuMs - before.cpuMs) / HELD_MS;
  const logged = readFileSync(serverLog, 'utf8').split('\n').length - lines;
  return {
    figures: {
      recoveredMs,
      answersWhileFull: Number(answersWhileFull),
      busyPercent: busy * 100,
      linesLogged: logged,
      descriptors: held.descriptors,
    },
    wrong: [
      ...(served.stdout === 'served\n' ? [] : [`Afterwards a task ended with ${JSON.stringify(served)}.`]),
      ...(busy <= MOST_BUSY ? [] : [`At the limit it used ${String(busy * 100)} % of a processor.`]),
      ...(logged <= MOST_LINES ? [] : [`It wrote ${String(logged)} lines into its log.`]),
    ],
  };
}

/** Resolves when the connection is made, refused, or closed by the server. */
function settled(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['connect', 'error', 'close']) socket.once(name, () => resolve());
  });
}
