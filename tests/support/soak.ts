import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '../../src/interfaces/client/client.js';

const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
const run = promisify(execFile);

export interface SoakOptions {
  readonly rounds: number;
  readonly tasksPerRound: number;
  /** Clients that connect, subscribe and leave, in each round. */
  readonly clientsPerRound: number;
  /** Called after each round. */
  readonly onRound?: (reading: SoakReading) => void;
}

/** The server's size after a round, when nothing is under way any more. */
export interface SoakReading {
  readonly round: number;
  readonly events: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly descriptors: number;
  readonly threads: number;
}

/** Gives one server task after task and client after client, and reads its size after each round. */
export async function runSoak({
  rounds,
  tasksPerRound,
  clientsPerRound,
  onRound,
}: SoakOptions): Promise<SoakReading[]> {
  const home = await mkdtemp(join(tmpdir(), 'cw-soak-'));
  const env = { ...process.env, CW_HOME: home, CW_PORT: '0' };
  const cw = (...args: string[]) => run(process.execPath, [CW, ...args], { env });
  await writeFile(join(home, 'config.json'), JSON.stringify({ pool: { max: 4, maxPerWorkspace: 4 } }));
  const readings: SoakReading[] = [];
  try {
    await cw('start');
    for (let round = 1; round <= rounds; round += 1) {
      await Promise.all([runTasks(home, tasksPerRound), comeAndGo(home, clientsPerRound)]);
      const reading = { round, ...(await read(home)) };
      readings.push(reading);
      onRound?.(reading);
    }
    return readings;
  } finally {
    await cw('stop');
    await rm(home, { recursive: true, force: true });
  }
}

async function runTasks(home: string, count: number): Promise<void> {
  await using client = createClient({ home });
  const task = { agent: 'shell', prompt: 'true', workspace: home };
  const tasks = await client.task.enqueueMany.mutate({ tasks: Array.from({ length: count }, () => task) });
  // Of equal priority and time they run in the order of their age, two to four at once.
  for (const { id } of tasks.slice(-8)) await untilFinished(client, id);
}

function untilFinished(client: ReturnType<typeof createClient>, taskId: `task_${string}`): Promise<void> {
  return new Promise((resolve, reject) => {
    client.task.onUpdate.subscribe({ taskId }, { onComplete: resolve, onError: reject });
  });
}

/** Each follows the whole log up to some event and leaves. */
async function comeAndGo(home: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await using client = createClient({ home });
    await new Promise<void>((resolve, reject) => {
      const subscription = client.event.stream.subscribe(
        { after: 0 },
        {
          onData: () => {
            subscription.unsubscribe();
            resolve();
          },
          onError: reject,
        },
      );
    });
  }
}

async function read(home: string): Promise<Omit<SoakReading, 'round'>> {
  await using client = createClient({ home });
  const { server, events } = await client.system.status.query();
  const inProc = `/proc/${String(server.pid)}`;
  return {
    events: events.position,
    rssMb: Math.round(server.memory.rssBytes / 1e5) / 10,
    heapMb: Math.round(server.memory.heapBytes / 1e5) / 10,
    descriptors: (await readdir(join(inProc, 'fd'))).length,
    threads: Number(/Threads:\s+(\d+)/.exec(await readFile(join(inProc, 'status'), 'utf8'))?.[1]),
  };
}
