import { homePaths } from '../../../src/home/home-paths.js';
import { openHome, type Running } from '../cli.js';
import { openInstallation } from '../installation.js';
import { watchHealth } from './health-watch.js';
import { type Proof, spread, timed } from './proof.js';

const LATER = ['spawn', '--agent', 'shell', '--delay', '1h', '--json', 'true'];
/** Newer than any version that is built. */
const NEWER = '1000.0.0';
const STREAMS = 3;
/** What the log holds of servers when one was replaced. */
const SERVERS = ['server.started', 'server.draining', 'server.started'];
/** Beside one for each task: those, and that the workspace was registered. */
const EVENTS_BESIDE = SERVERS.length + 1;

/**
 * Newer and older commands at once on an older server, with open streams: it drains once, has one successor, all are
 * served, and the streams go on with nothing missing and nothing twice.
 */
export async function upgradeAtOnce(options: { newer: number; older: number; rounds: number }): Promise<Proof> {
  using installation = openInstallation(NEWER);
  const gaps: number[] = [];
  const times: number[] = [];
  const wrong: string[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    await using home = openHome();
    await home.run(['start']);
    const streams = Array.from({ length: STREAMS }, () => home.start(['watch', '--from', '0', '--json']));
    await Promise.all(streams.map((stream) => stream.sees('server.started')));
    const watch = await watchHealth(homePaths(home.path).socket);
    const commands = Array.from({ length: options.newer + options.older }, (_none, index) =>
      timed(() => home.run(LATER, index < options.newer ? { program: installation.program } : {})),
    );
    const ran = await Promise.all(commands);
    const { instances, longestGapMs } = await watch.stop();
    gaps.push(longestGapMs);
    times.push(...ran.map(({ ms }) => ms));
    for (const { value } of ran) if (value.code !== 0) wrong.push(`exit ${String(value.code)}: ${value.stderr}`);
    if (instances.length !== 2) wrong.push(`${String(instances.length)} servers answered, and not 2.`);
    for (const stream of streams) wrong.push(...(await checkStream(stream, ran.length)));
  }
  return { figures: { ...spread('gap', gaps), ...spread('served', times) }, wrong };
}

/** What is wrong with what a `cw watch` printed over one replacement of the server. */
async function checkStream(stream: Running, tasks: number): Promise<string[]> {
  const printed = await stream.sees(`"position":${String(EVENTS_BESIDE + tasks)},`);
  stream.process.kill('SIGINT');
  await stream.ended;
  const events = printed
    .slice(0, printed.lastIndexOf('\n'))
    .split('\n')
    .map((line) => JSON.parse(line) as { position: number; type: string });
  const servers = events.map(({ type }) => type).filter((type) => type.startsWith('server.'));
  return [
    ...(events.every(({ position }, index) => position === index + 1) ? [] : ['A stream missed or repeated events.']),
    ...(servers.join() === SERVERS.join() ? [] : [`A stream saw ${servers.join()}.`]),
  ];
}
