import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { homePaths } from '../../../src/home/home-paths.js';
import { openHome } from '../cli.js';
import { type Proof, spread, timed } from './proof.js';

/** How far beyond a start the moments reach, as a part of it: the last signals meet a server that is up. */
const BEYOND = 1.2;

/**
 * SIGTERM at moments spread evenly over a start, as long as one takes on this machine now: the server ends in order, or
 * by the signal before it listens for one, leaves no socket, and the next one starts.
 */
export async function endWhileStarting({ moments }: { moments: number }): Promise<Proof> {
  await using home = openHome();
  const { socket } = homePaths(home.path);
  const { ms: startMs } = await timed(async () => {
    const server = home.start(['serve']);
    await server.sees('listens on');
    server.process.kill('SIGTERM');
    await server.ended;
  });
  const wrong: string[] = [];
  const ends: number[] = [];
  let bySignal = 0;
  for (let n = 0; n < moments; n += 1) {
    const server = home.start(['serve']);
    await wait((startMs * BEYOND * n) / moments);
    server.process.kill('SIGTERM');
    const { value: ran, ms } = await timed(() => server.ended);
    ends.push(ms);
    if (ran.signal !== null) bySignal += 1;
    const isFine = ran.stderr === '' && (ran.code === 0 || ran.signal === 'SIGTERM');
    if (!isFine) wrong.push(`After moment ${String(n)} it ended with ${String(ran.code)}: ${ran.stderr}`);
    // A server that ends in order takes it away; one that the signal ended before had none yet.
    if (existsSync(socket)) wrong.push(`After moment ${String(n)} its socket is there.`);
  }
  const next = await home.run(['start']);
  if (next.code !== 0) wrong.push(`The next start ended with ${String(next.code)}: ${next.stderr}`);
  return { figures: { moments, start: Math.round(startMs), bySignal, ...spread('end', ends) }, wrong };
}
