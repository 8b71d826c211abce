import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { homePaths } from '../../../src/home/home-paths.js';
import { createClient } from '../../../src/interfaces/client/client.js';
import { openHome } from '../cli.js';
import { openBareStream } from '../server-stream.js';
import { factsOf, type ProcessFacts } from './process-facts.js';
import type { Proof } from './proof.js';

/** Tasks that one call hands in: under its limit of 1 MiB. */
const EACH = 5_000;
/** Calls before the first reading: what is allocated once is there by then. */
const WARM_CALLS = 4;
/** Until what V8 tidies up after work is done, in milliseconds. */
const SETTLE_MS = 15_000;
/** Memory after everything, and what idling may cost, as design.md §9 has them. */
const MOST_RSS_MB = 250;
const MOST_IDLE_PERCENT = 0.2;
/** Descriptors that may come and go: a connection that closes, a file that is read. */
const BREATH = 4;

/**
 * So many events, each of them followed by a subscriber, while clients come and go; then nothing. Memory, descriptors
 * and threads are the same before and after, and an idle server does next to nothing.
 */
export async function soakWithEvents(options: { events: number; connects: number; idleMs: number }): Promise<Proof> {
  await using home = openHome();
  const { socket, home: directory } = homePaths(home.path);
  mkdirSync(directory, { mode: 0o700 });
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ tasks: { maxPending: 10 * options.events } }), {
    mode: 0o600,
  });
  const { server } = (await home.json(['start'])) as { server: { pid: number } };
  const calls = Math.max(WARM_CALLS + 1, Math.ceil(options.events / EACH));
  let before: ProcessFacts | undefined;
  {
    await using client = createClient({ home: home.path });
    await using follower = createClient({ home: home.path });
    const followed = follow(follower, calls * EACH);
    for (let call = 0; call < calls; call += 1) {
      if (call === WARM_CALLS) before = factsOf(server.pid);
      const connects = Math.ceil(options.connects / calls);
      await Promise.all([enqueue(client, home.workspace), comeAndGo(socket, connects)]);
    }
    await followed;
  }
  await wait(SETTLE_MS);
  const settled = factsOf(server.pid);
  await wait(options.idleMs);
  const idle = factsOf(server.pid);
  const idlePercent = ((idle.cpuMs - settled.cpuMs) / options.idleMs) * 100;
  const grown = idle.descriptors - (before?.descriptors ?? 0);
  return {
    figures: {
      events: calls * EACH,
      connects: options.connects,
      rssMbBefore: before?.rssMb ?? 0,
      rssMb: idle.rssMb,
      descriptorsGrown: grown,
      threadsGrown: idle.threads - (before?.threads ?? 0),
      idlePercent,
      wakeUpsPerSecond: (idle.wakeUps - settled.wakeUps) / (options.idleMs / 1_000),
    },
    wrong: [
      ...(idle.rssMb <= MOST_RSS_MB ? [] : [`It has ${String(idle.rssMb)} MB.`]),
      ...(grown <= BREATH ? [] : [`It has ${String(grown)} descriptors more.`]),
      ...(idlePercent < MOST_IDLE_PERCENT ? [] : [`Idle, it uses ${String(idlePercent)} % of a processor.`]),
    ],
  };
}

type Client = ReturnType<typeof createClient>;

async function enqueue(client: Client, workspace: string): Promise<void> {
  const task = { agent: 'shell', prompt: 'true', workspace, delayMs: 36_000_000 };
  await client.task.enqueueMany.mutate({ tasks: Array.from({ length: EACH }, () => task) });
}

/** Resolves when it has seen so many tasks enqueued, each once and in order. */
function follow(client: Client, tasks: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let [seen, last] = [0, 0];
    client.event.stream.subscribe(
      { after: 0 },
      {
        onData: ({ data: event }) => {
          if (event.position <= last) reject(new Error(`Event ${String(event.position)} came twice.`));
          last = event.position;
          if (event.type === 'task.enqueued' && ++seen === tasks) resolve();
        },
        onError: reject,
      },
    );
  });
}

/** Connect, subscribe, see something, leave without a word: one after the other. */
async function comeAndGo(socket: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const stream = openBareStream(socket, 'event.stream?input=%7B%22after%22%3A0%7D');
    await stream.until(/server\.started/);
    stream.socket.removeAllListeners('close');
    stream.socket.on('error', () => undefined);
    const closed = once(stream.socket, 'close');
    stream.socket.destroy();
    await closed;
  }
}
