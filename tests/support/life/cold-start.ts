import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { homePaths } from '../../../src/home/home-paths.js';
import { createClient, fetchHealth } from '../../../src/interfaces/client/client.js';
import { type CliHome, openHome } from '../cli.js';
import { fillDatabase } from './fill-database.js';
import { mainThreadMs } from './process-facts.js';
import { type Proof, spread } from './proof.js';

/** Pause between two looks, in milliseconds. */
const PAUSE_MS = 5;
/** So long it is looked at after all services are ready, in milliseconds: what warms up must not block either. */
const AFTERWARDS_MS = 2_000;

/**
 * Starts a server on a database of so many tasks, observations and events, none of it in the system's cache: how long
 * until it answers, until all services are ready, and how long it is silent in between. `rows` of each.
 */
export async function startCold({ rows, starts }: { rows: number; starts: number }): Promise<Proof> {
  await using home = openHome();
  const { database } = homePaths(home.path);
  // The schema, as the product makes it.
  await home.run(['start']);
  await home.run(['stop']);
  fillDatabase(database, rows);
  const seen: Seen[] = [];
  const wrong: string[] = [];
  for (let n = 0; n < starts; n += 1) {
    // Reads nothing, and has the system forget what it holds of the file.
    execFileSync('dd', [`if=${database}`, 'iflag=nocache', 'count=0', 'status=none']);
    const one = await startOnce(home);
    seen.push(one);
    if (n === 0 && one.interrupted !== EXPECTED_INTERRUPTED)
      wrong.push(`${String(one.interrupted)} tasks were taken back.`);
    if (one.tasks !== rows + EXPECTED_INTERRUPTED) wrong.push(`There are ${String(one.tasks)} tasks.`);
    if (one.observations !== rows) wrong.push(`There are ${String(one.observations)} observations.`);
  }
  const of = (name: keyof Seen) =>
    spread(
      name,
      seen.map((one) => one[name]),
    );
  const names = ['firstAnswer', 'allReady', 'silence', 'firstAnswerWork', 'allReadyWork', 'silenceWork'] as const;
  const figures = [...names, 'blocked' as const, 'status' as const].map(of);
  return { figures: Object.assign({ rows }, ...figures) as Proof['figures'], wrong };
}

/** What fill-database.ts left to a dead server. */
const EXPECTED_INTERRUPTED = 4;

interface Seen {
  readonly firstAnswer: number;
  readonly allReady: number;
  /** Longest time without an answer after the first one. */
  readonly silence: number;
  /** The same three as what the main thread did meanwhile: what they would be on a machine with nothing else to do. */
  readonly firstAnswerWork: number;
  readonly allReadyWork: number;
  readonly silenceWork: number;
  /** What the service that was at work longest says of itself. */
  readonly blocked: number;
  /** How long `system.status` took, right afterwards. */
  readonly status: number;
  readonly tasks: number;
  readonly observations: number;
  readonly interrupted: number;
}

async function startOnce(home: CliHome): Promise<Seen> {
  const { socket } = homePaths(home.path);
  const begin = performance.now();
  const server = home.start(['serve']);
  const pid = server.process.pid ?? 0;
  let [firstAnswer, allReady, silence, lastAnswer] = [0, 0, 0, 0];
  let [firstAnswerWork, allReadyWork, silenceWork, lastWork] = [0, 0, 0, 0];
  while (allReady === 0 || lastAnswer < allReady + AFTERWARDS_MS) {
    const health = await fetchHealth({ socketPath: socket });
    const now = performance.now() - begin;
    if (health.found) {
      const work = mainThreadMs(pid);
      if (firstAnswer === 0) [firstAnswer, firstAnswerWork] = [now, work];
      else {
        silence = Math.max(silence, now - lastAnswer);
        silenceWork = Math.max(silenceWork, work - lastWork);
      }
      [lastAnswer, lastWork] = [now, work];
      const services = Object.values(health.health.services);
      const isReady = health.health.status === 'ok' && services.every((state) => state === 'ready');
      if (isReady && allReady === 0) [allReady, allReadyWork] = [now, work];
    }
    await wait(PAUSE_MS);
  }
  await using client = createClient({ home: home.path });
  const asked = performance.now();
  const { queue, memory, server: told } = await client.system.status.query();
  const status = performance.now() - asked;
  const { items } = await client.event.list.query({ types: ['task.interrupted'], limit: 100 });
  server.process.kill('SIGTERM');
  await server.ended;
  const { blocked, scheduled, pending, processing, completed, failed, cancelled } = queue;
  return {
    firstAnswer,
    allReady,
    silence,
    firstAnswerWork,
    allReadyWork,
    silenceWork,
    blocked: Math.max(...told.services.map(({ blockedMs }) => blockedMs ?? 0)),
    status,
    tasks: blocked + scheduled + pending + processing + completed + failed + cancelled,
    observations: memory.observations,
    interrupted: items.length,
  };
}
