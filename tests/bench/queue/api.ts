import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { OPEN_PLACE, PROMPT } from '../../support/fill-queue.js';
import { openTestServer } from '../../support/server.js';
import { median } from './figures.js';
import { get, type LoadOrder, post } from './load.js';
import { openOurQueue } from './our-queue.js';

/** Tasks of one `task.enqueueMany`. */
export const MANY = 100;

/** How often a second a request is answered, and what one takes of the server's processor, in microseconds. */
export interface ApiRate {
  readonly perSecond: number;
  readonly cpu: number;
}

/** What is asked of the API, and over how many connections. */
const CASES = {
  'node:http that answers {}': 32,
  'system.health, which does nothing': 32,
  'task.enqueue by 1': 1,
  'task.enqueue by 16': 16,
  'task.enqueue by 32': 32,
  'task.enqueueMany of 100 by 16': 16,
} as const;
export type ApiCase = keyof typeof CASES;

/** Measures the API over its Unix socket, FULL, with the clients in the process that `tell` reaches. */
export async function measureApi(
  directory: string,
  tell: (order: LoadOrder) => Promise<number>,
  { requests, rounds }: { readonly requests: number; readonly rounds: number },
): Promise<ReadonlyMap<ApiCase, ApiRate>> {
  await using queue = await openOurQueue(directory, 'api', {});
  await using server = await openTestServer({ app: queue.app });
  const bare = createServer((_request, response) => response.end('{}'));
  const barePath = join(directory, 'bare.sock');
  bare.listen(barePath);
  await once(bare, 'listening');
  const { socketPath } = server;
  const command = { prompt: PROMPT, workspace: OPEN_PLACE.path };
  const one = { socketPath, request: post('/trpc/task.enqueue', command), requests };
  const many = { tasks: Array.from({ length: MANY }, () => command) };
  const orders: Record<ApiCase, Omit<LoadOrder, 'connections'>> = {
    'node:http that answers {}': { socketPath: barePath, request: get('/'), requests },
    'system.health, which does nothing': { socketPath, request: get('/trpc/system.health'), requests },
    'task.enqueue by 1': { ...one, requests: Math.ceil(requests / 4) },
    'task.enqueue by 16': one,
    'task.enqueue by 32': one,
    'task.enqueueMany of 100 by 16': {
      socketPath,
      request: post('/trpc/task.enqueueMany', many),
      requests: Math.ceil(requests / MANY),
    },
  };
  const names = Object.keys(CASES) as ApiCase[];
  const measured = new Map(names.map((name) => [name, { perSecond: [] as number[], cpu: [] as number[] }]));
  // Taken in turns, because the machine is not the same from one second to the next; the first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const order = { ...orders[name], connections: CASES[name] };
      const before = process.cpuUsage();
      const rate = await tell(order);
      const { user, system } = process.cpuUsage(before);
      if (round === 0) continue;
      measured.get(name)?.perSecond.push(rate);
      measured.get(name)?.cpu.push((user + system) / order.requests);
    }
  }
  bare.close();
  bare.closeAllConnections();
  return new Map(
    [...measured].map(([name, { perSecond, cpu }]) => [name, { perSecond: median(perSecond), cpu: median(cpu) }]),
  );
}

/** Sends orders to a process one at a time; each is answered with a number, or with undefined. */
export async function ask(child: ChildProcess, order: object): Promise<number | undefined> {
  const answer = new Promise<number | undefined>((resolve, reject) => {
    child.once('message', (message: { readonly rate?: number; readonly problem?: string }) => {
      if (message.problem === undefined) resolve(message.rate);
      else reject(new Error(message.problem));
      child.off('exit', left);
    });
    const left = (code: number | null) => reject(new Error(`The process ended with ${String(code)}.`));
    child.once('exit', left);
  });
  child.send(order);
  return answer;
}
