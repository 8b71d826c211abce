import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Event } from '../../src/domain/event/event.js';
import { homePaths } from '../../src/home/home-paths.js';
import { createClient, failureOf, fetchHealth } from '../../src/interfaces/client/client.js';

const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
const run = promisify(execFile);

/** What the agents do: some quick, some slow, some with a child in a session of its own. */
const PROMPTS = ['true', 'sleep 0.05', 'sleep 0.2', 'setsid sleep 60 & sleep 0.1'];

export interface ChaosOptions {
  readonly tasks: number;
  /** Longest time between two kills, in milliseconds; each is a random part of it. */
  readonly killWithinMs: number;
}

export interface ChaosReport {
  readonly acknowledged: number;
  readonly kills: number;
  /** Tasks that did not end in exactly one `task.completed`, with how they did end. */
  readonly wrong: readonly string[];
  /** Attempts that were cut off and did not count. */
  readonly interruptions: number;
  /** Attempts that a server went on with which had not begun them. */
  readonly takenOver: number;
  /** Attempts whose command line ran more than once, and tasks whose last one did not run to its end once. */
  readonly misrun: readonly string[];
  /** Processes of agents that were left at the end. */
  readonly strays: number;
}

/**
 * Kills the server with SIGKILL at random moments while it takes in and runs tasks, starting it again each time, until
 * every task that it acknowledged has ended.
 */
export async function runChaos({ tasks, killWithinMs }: ChaosOptions): Promise<ChaosReport> {
  const home = await mkdtemp(join(tmpdir(), 'cw-chaos-'));
  const { socket } = homePaths(home);
  const env = { ...process.env, CW_HOME: home, CW_PORT: '0' };
  const cw = (...args: string[]) => run(process.execPath, [CW, ...args], { env });
  /** A start whose server is killed before it is ready fails, as it must, and is asked for again. */
  const start = async (): Promise<void> => {
    try {
      await cw('start');
    } catch (error) {
      if (!String(error).includes('(SIGKILL)')) throw error;
      await start();
    }
  };
  await writeFile(join(home, 'config.json'), JSON.stringify({ pool: { max: 8, maxPerWorkspace: 8 } }));
  const client = createClient({ home });
  const effects = join(home, 'effects');
  const acknowledged: string[] = [];
  let kills = 0;
  let settled = false;
  const isSettled = () => settled;

  async function enqueueAll(): Promise<void> {
    for (let n = 0; n < tasks; n += 1) {
      // The begin and the end of each run leave a line: what ran twice, or never, is seen.
      const work = PROMPTS[n % PROMPTS.length] ?? 'true';
      const prompt = `echo begin ${String(n)} >> ${effects}; ${work}; echo end ${String(n)} >> ${effects}`;
      // Asked again until it is answered; the key keeps an answer that was lost from becoming a second task.
      for (let id: string | undefined; id === undefined; ) {
        id = await client.task.enqueue
          .mutate({ agent: 'shell', prompt, workspace: home, unique: String(n), maxAttempts: 1 })
          .then((task) => task.id)
          .catch(async (error: unknown) => {
            if (failureOf(error).kind !== 'unreachable') throw error;
            await start();
            return undefined;
          });
        if (id !== undefined) acknowledged.push(id);
      }
    }
  }

  async function killRepeatedly(): Promise<void> {
    while (!isSettled()) {
      // Waits for nothing on purpose: a kill that follows an event would always hit the same places.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * killWithinMs));
      const alive = await fetchHealth({ socketPath: socket });
      if (!alive.found || isSettled()) continue;
      process.kill(alive.health.pid, 'SIGKILL');
      kills += 1;
      await start();
    }
  }

  let killing = Promise.resolve();
  try {
    await start();
    killing = killRepeatedly();
    // Awaited below; until then its failure must not end the process.
    killing.catch(() => undefined);
    await enqueueAll();
    await Promise.all(acknowledged.map((id) => untilFinished(client, id)));
    settled = true;
    await killing;
    await start();
    const events = await allEvents(client);
    return {
      acknowledged: acknowledged.length,
      kills,
      wrong: acknowledged.flatMap((id) => wrongEnd(id, events)),
      misrun: misrunIn(await readFile(effects, 'utf8'), acknowledged, events),
      takenOver: takenOverIn(await readFile(join(home, 'logs', 'server.log'), 'utf8')),
      interruptions: events.filter(({ type }) => type === 'task.interrupted').length,
      strays: straysOf(home),
    };
  } finally {
    settled = true;
    // A start that is under way would bring a server back after the stop.
    await killing.catch(() => undefined);
    await client.close();
    await cw('stop');
    await rm(home, { recursive: true, force: true });
  }
}

type Client = ReturnType<typeof createClient>;

/** The subscription itself lives through every kill. */
function untilFinished(client: Client, taskId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.task.onUpdate.subscribe(
      { taskId: taskId as `task_${string}` },
      { onComplete: resolve, onError: (error) => reject(error instanceof Error ? error : new Error(String(error))) },
    );
  });
}

async function allEvents(client: Client): Promise<Event[]> {
  const events: Event[] = [];
  let cursor: number | null | undefined;
  while (cursor !== null) {
    const page = await client.event.list.query({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    events.push(...page.items);
    cursor = page.nextCursor;
  }
  return events;
}

function wrongEnd(id: string, events: readonly Event[]): string[] {
  const ends = events.filter(
    ({ type, taskId }) => taskId === id && ['task.completed', 'task.failed', 'task.cancelled'].includes(type),
  );
  return ends.length === 1 && ends[0]?.type === 'task.completed'
    ? []
    : [`${id}: ${ends.map(({ type }) => type).join(', ') || 'never ended'}`];
}

/** A task's n-th begin is that of its n-th attempt at most; only the last one, which completes it, ends, and once. */
function misrunIn(effects: string, ids: readonly string[], events: readonly Event[]): string[] {
  const lines = effects.split('\n');
  return ids.flatMap((id, n) => {
    const count = (word: string) => lines.filter((line) => line === `${word} ${String(n)}`).length;
    const attempts = events.filter(({ type, taskId }) => type === 'task.started' && taskId === id).length;
    const [begins, ends] = [count('begin'), count('end')];
    if (begins >= 1 && begins <= attempts && ends >= 1 && ends <= begins) return [];
    return [`${id}: ${String(attempts)} attempts, ${String(begins)} begins, ${String(ends)} ends`];
  });
}

function takenOverIn(log: string): number {
  const told = log.split('\n').filter((line) => line.includes('took the agents of an earlier server over'));
  return told.reduce((sum, line) => sum + (JSON.parse(line) as { agents: number }).agents, 0);
}

/** Processes other than a server that were started in this data directory's tasks: their output goes there. */
function straysOf(home: string): number {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      return environment.includes('CW_RUN_ID=') && environment.includes(`PWD=${home}`);
    } catch {
      return false;
    }
  }).length;
}
