import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Event } from '../../../src/domain/event/event.js';
import type { TaskId } from '../../../src/domain/shared/id.js';
import { homePaths } from '../../../src/home/home-paths.js';
import { type Client, createClient, failureOf, fetchHealth } from '../../../src/interfaces/client/client.js';

const CW = fileURLToPath(new URL('../../../bin/cw.js', import.meta.url));
const run = promisify(execFile);

/** A data directory whose server is killed again and again. */
export interface ChaosHome extends AsyncDisposable {
  readonly path: string;
  readonly client: Client;
  /** Starts the server, again if it is killed meanwhile. */
  start(): Promise<void>;
  /** Asks until it is answered, starting a server where there is none. What is asked must bear to be asked twice. */
  ask<T>(question: () => Promise<T>): Promise<T>;
  /**
   * Kills the server with SIGKILL, `waitMs()` milliseconds after it was there, and starts the next one, until it is told
   * to stop. Resolves with the number of kills.
   */
  killUntil(isOver: () => boolean, waitMs: () => number): Promise<number>;
  /** Resolves when the task has finished, however; the subscription itself lives through every kill. */
  untilFinished(taskId: TaskId): Promise<void>;
  /** The whole log, newest first. */
  events(): Promise<Event[]>;
  /** Attempts that a server went on with which had not begun them. */
  takenOver(): Promise<number>;
  /** Processes other than a server that were started in this data directory's tasks: their output goes there. */
  strays(): number;
}

/** Opens one whose server runs so many agents at once. */
export async function openChaosHome(agents: number): Promise<ChaosHome> {
  const path = await mkdtemp(join(tmpdir(), 'cw-chaos-'));
  const { socket, serverLog } = homePaths(path);
  const env = { ...process.env, CW_HOME: path, CW_PORT: '0' };
  const cw = (...args: string[]) => run(process.execPath, [CW, ...args], { env });
  await writeFile(join(path, 'config.json'), JSON.stringify({ pool: { max: agents, maxPerWorkspace: agents } }));
  const client = createClient({ home: path });

  /** A start whose server is killed before it is ready fails, as it must, and is asked for again. */
  async function start(): Promise<void> {
    try {
      await cw('start');
    } catch (error) {
      if (!String(error).includes('(SIGKILL)')) throw error;
      await start();
    }
  }

  return {
    path,
    client,
    start,
    async ask(question) {
      for (;;) {
        try {
          return await question();
        } catch (error) {
          if (failureOf(error).kind !== 'unreachable') throw error;
          await start();
        }
      }
    },
    async killUntil(isOver, waitMs) {
      let kills = 0;
      while (!isOver()) {
        // Waits for nothing on purpose: a kill that follows an event would always hit the same places.
        await new Promise((resolve) => setTimeout(resolve, waitMs()));
        const alive = await fetchHealth({ socketPath: socket });
        if (!alive.found || isOver()) continue;
        process.kill(alive.health.pid, 'SIGKILL');
        kills += 1;
        await start();
      }
      return kills;
    },
    untilFinished: (taskId) =>
      new Promise((resolve, reject) => {
        client.task.onUpdate.subscribe(
          { taskId },
          {
            onComplete: resolve,
            onError: (error) => reject(error instanceof Error ? error : new Error(String(error))),
          },
        );
      }),
    async events() {
      const events: Event[] = [];
      let cursor: number | null | undefined;
      while (cursor !== null) {
        const page = await client.event.list.query({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
        events.push(...page.items);
        cursor = page.nextCursor;
      }
      return events;
    },
    async takenOver() {
      const told = (await readFile(serverLog, 'utf8'))
        .split('\n')
        .filter((line) => line.includes('took the agents of an earlier server over'));
      return told.reduce((sum, line) => sum + (JSON.parse(line) as { agents: number }).agents, 0);
    },
    strays: () => straysOf(path),
    async [Symbol.asyncDispose]() {
      await client.close();
      await cw('stop');
      await rm(path, { recursive: true, force: true });
    },
  };
}

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

/** How the task ended, if that is not one `task.completed` and nothing else. */
export function wrongEnd(id: string, events: readonly Event[]): string[] {
  const ends = events.filter(
    ({ type, taskId }) => taskId === id && ['task.completed', 'task.failed', 'task.cancelled'].includes(type),
  );
  return ends.length === 1 && ends[0]?.type === 'task.completed'
    ? []
    : [`${id}: ${ends.map(({ type }) => type).join(', ') || 'never ended'}`];
}
