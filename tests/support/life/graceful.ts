import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { homePaths } from '../../../src/home/home-paths.js';
import { openHome } from '../cli.js';
import { openBareStream } from '../server-stream.js';
import { type Proof, timed } from './proof.js';

const STREAMS = 5;
/** A stop may take so long, in milliseconds. */
const MOST_MS = 6_000;

/**
 * A server that is told to end while streams are open, a call never gets done, and an agent does not want to go: it ends
 * in order and leaves no write-ahead log and no socket.
 */
export async function stopWhileBusy(): Promise<Proof> {
  await using home = openHome();
  const { socket, database } = homePaths(home.path);
  const server = home.start(['serve']);
  await server.sees('listens on');
  await home.run(['spawn', '--agent', 'shell', "trap '' TERM; echo begun; while :; do sleep 1; done"]);
  const streams = Array.from({ length: STREAMS }, () =>
    openBareStream(socket, 'event.stream?input=%7B%22after%22%3A0%7D'),
  );
  await Promise.all(streams.map((stream) => stream.until(/task\.started/)));
  for (const stream of streams) stream.socket.on('error', () => undefined);
  // A call whose body never comes to its end.
  const call = connect(socket);
  call.on('error', () => undefined);
  call.write(
    'POST /trpc/queue.pause HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n',
  );
  await once(call, 'data');

  server.process.kill('SIGTERM');
  const { value: ran, ms } = await timed(() => server.ended);
  const left = [`${database}-wal`, `${database}-shm`, socket].filter((path) => existsSync(path));
  for (const stream of streams) stream.socket.destroy();
  call.destroy();
  return {
    figures: { stoppedMs: Math.round(ms) },
    wrong: [
      ...(ran.code === 0 && ran.stderr === '' ? [] : [`It ended with ${String(ran.code)}: ${ran.stderr}`]),
      ...(ms <= MOST_MS ? [] : [`It took ${String(Math.round(ms))} ms.`]),
      ...left.map((path) => `It left ${path}.`),
    ],
  };
}
