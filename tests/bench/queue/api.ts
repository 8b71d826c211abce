import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { openTestServer } from '../../support/server.js';
import { median } from './figures.js';
import { OPEN_PLACE, PROMPT } from './fill-queue.js';
import { get, type LoadOrder, post } from './load.js';
import { openOurQueue } from './our-queue.js';

/** Tasks of one `task.enqueueMany`. */
export const MANY = 100;

/** Figures of the API, each in requests a second. */
export interface ApiRates {
  /** node:http that answers `{}`, 32 connections. */
  readonly bare: number;
  /** `system.health`, 32 connections. */
  readonly nothing: number;
  /** `task.enqueue` by how many connections. */
  readonly enqueue: ReadonlyMap<number, number>;
  /** `task.enqueueMany` of so many, 16 connections. */
  readonly many: number;
}

/** Measures the API over its Unix socket, FULL, with the clients in the process that `tell` reaches. */
export async function measureApi(
  directory: string,
  tell: (order: LoadOrder) => Promise<number>,
  { requests, rounds }: { readonly requests: number; readonly rounds: number },
): Promise<ApiRates> {
  await using queue = await openOurQueue(directory, 'api', {});
  await using server = await openTestServer({ app: queue.app });
  const bare = createServer((_request, response) => response.end('{}'));
  const barePath = join(directory, 'bare.sock');
  bare.listen(barePath);
  await once(bare, 'listening');
  const { socketPath } = server;
  const command = { prompt: PROMPT, workspace: OPEN_PLACE.path };
  const one = post('/trpc/task.enqueue', command);
  const many = post('/trpc/task.enqueueMany', { tasks: Array.from({ length: MANY }, () => command) });
  const cases: Record<string, LoadOrder> = {
    bare: { socketPath: barePath, request: get('/'), requests, connections: 32 },
    nothing: { socketPath, request: get('/trpc/system.health'), requests, connections: 32 },
    '1': { socketPath, request: one, requests: Math.ceil(requests / 4), connections: 1 },
    '16': { socketPath, request: one, requests, connections: 16 },
    '32': { socketPath, request: one, requests, connections: 32 },
    many: { socketPath, request: many, requests: Math.ceil(requests / MANY), connections: 16 },
  };
  const rates: Record<string, number[]> = {};
  // Taken in turns, because the machine is not the same from one second to the next; the first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, order] of Object.entries(cases)) {
      const rate = await tell(order);
      if (round > 0) (rates[name] ??= []).push(rate);
    }
  }
  bare.close();
  bare.closeAllConnections();
  const of = (name: string) => median(rates[name] ?? []);
  const enqueue = new Map([1, 16, 32].map((connections) => [connections, of(String(connections))]));
  return { bare: of('bare'), nothing: of('nothing'), enqueue, many: of('many') };
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
