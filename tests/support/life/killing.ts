import { setTimeout as wait } from 'node:timers/promises';
import { homePaths } from '../../../src/home/home-paths.js';
import { fetchHealth } from '../../../src/interfaces/client/client.js';
import { type CliHome, openHome } from '../cli.js';
import { type Proof, spread } from './proof.js';

/** How often the server is killed, in milliseconds. */
const KILL_EVERY_MS = 600;
/** A call that has failed so often is given up. */
const MOST_TRIES = 20;

/**
 * Kills the server with SIGKILL every 0.6 s while clients call it, each call a command of its own. Every call must be
 * served, and no task be there twice, although answers are lost: a command asks again at the next server. One that has
 * met five servers which died gives up, and is run again and counted: it cannot know whether the last one had acted, so
 * that it, and only it, may have made a task that nobody knows of.
 */
export async function callWhileKilled(options: { calls: number; clients: number }): Promise<Proof> {
  await using home = openHome();
  await home.run(['start']);
  const times: number[] = [];
  const refusals: string[] = [];
  const ids = new Set<string>();
  let next = 0;
  let kills = 0;
  let done = false;
  const isDone = () => done;

  async function call(): Promise<void> {
    for (let n = next++; n < options.calls; n = next++) {
      const begin = performance.now();
      ids.add(await enqueue(home, String(n), refusals));
      times.push(performance.now() - begin);
    }
  }

  async function kill(): Promise<void> {
    while (!isDone()) {
      // Waits for nothing on purpose: a kill that follows an event would always hit the same places.
      await wait(KILL_EVERY_MS);
      const alive = await fetchHealth({ socketPath: homePaths(home.path).socket });
      if (!alive.found || isDone()) continue;
      process.kill(alive.health.pid, 'SIGKILL');
      kills += 1;
    }
  }

  const killing = kill();
  const called = await Promise.allSettled(Array.from({ length: options.clients }, call));
  done = true;
  await killing;
  await home.run(['start']);
  const { queue } = (await home.json(['status'])) as { queue: { scheduled: number } };
  const wrong = called.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  if (ids.size !== options.calls) wrong.push(`${String(ids.size)} ids came back for ${String(options.calls)} calls.`);
  const most = options.calls + refusals.length;
  if (queue.scheduled < options.calls || queue.scheduled > most)
    wrong.push(`There are ${String(queue.scheduled)} tasks.`);
  return {
    figures: { kills, calls: options.calls, callsAgain: refusals.length, ...spread('served', times) },
    wrong,
  };
}

/** Enqueues until that is acknowledged, and says as which task. */
async function enqueue(home: CliHome, name: string, refusals: string[]): Promise<string> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const args = ['spawn', '--agent', 'shell', '--delay', '1h', '--json', `echo ${name}`];
    const { code, stdout, stderr } = await home.run(args);
    if (code === 0) return (JSON.parse(stdout) as { id: string }).id;
    refusals.push(stderr);
  }
  throw new Error(`Call ${name} was not served: ${refusals.at(-1) ?? ''}`);
}
