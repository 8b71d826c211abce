/**
 * Hooks that carry much, with the real storage (FULL) on a socket and clients in a process of their own:
 *
 * - the memory of the server, threads and all, before, under and after 10,000 hooks of 300 kB, ten at once;
 * - how long the event loop was blocked by 20 hooks of 16 MiB, four at once, read in threads and, beside it, on the main
 *   thread.
 *
 *     npm run bench -- payload
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { createApplication } from '../../src/application/application.js';
import { createReadLargeHook } from '../../src/composition/large-hooks.js';
import type { WorkerJobs } from '../../src/composition/worker-jobs.js';
import { timer } from '../../src/infrastructure/system/timer.js';
import { createWorkerPool } from '../../src/infrastructure/workers/worker-pool.js';
import { openApplication } from '../support/application.js';
import { openTestServer } from '../support/server.js';
import { openTemporaryStorage } from '../support/storage.js';

const SMALL_BYTES = 300_000;
const SMALL_COUNT = 10_000;
const PARTS = 10;
const LARGE_BYTES = 16 * 1_048_576 - 1_000;
const LARGE_COUNT = 20;

interface Order {
  readonly socketPath: string;
  readonly run: string;
  readonly count: number;
  readonly atOnce: number;
  readonly bytes: number;
}

if (process.send === undefined) await measure();
else process.on('message', (order: Order) => void obey(order));

async function measure(): Promise<void> {
  const clients = fork(fileURLToPath(import.meta.url), { execArgv: process.execArgv });
  await using workers = createWorkerPool<WorkerJobs>({
    entry: fileURLToPath(new URL('../../dist/worker.js', import.meta.url)),
    timer,
    logger: console,
  });
  const readLargeHook = createReadLargeHook(() => workers, []);
  await using storage = await openTemporaryStorage({ durability: 'full' });
  await using backend = openApplication();
  const app = createApplication({ ...backend.needs, ...storage, clock: Date.now });
  {
    await using server = await openTestServer({ app, readLargeHook });
    const order = { socketPath: server.socketPath, atOnce: 10, bytes: SMALL_BYTES };
    await tell(clients, { ...order, run: 'warm', count: SMALL_COUNT / PARTS });
    const before = rss();
    const during: number[] = [];
    const seconds = await timed(async () => {
      for (let part = 0; part < PARTS; part += 1) {
        await tell(clients, { ...order, run: `part-${String(part)}`, count: SMALL_COUNT / PARTS });
        during.push(rss());
      }
    });
    console.log(
      `${String(SMALL_COUNT)} hooks of 300 kB: ${String(Math.round(SMALL_COUNT / seconds))}/s; RSS ${String(before)} MB after the first ${String(SMALL_COUNT / PARTS)}, then ${during.join(', ')} MB`,
    );
    await block('in threads', server.socketPath, clients);
  }
  await using server = await openTestServer({ app });
  await block('on the main thread', server.socketPath, clients);
  clients.kill();
}

async function block(where: string, socketPath: string, clients: ChildProcess): Promise<void> {
  const order = { socketPath, run: where.replaceAll(' ', '-'), atOnce: 4, bytes: LARGE_BYTES };
  await tell(clients, { ...order, run: `${order.run}-warm`, count: 2 });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const seconds = await timed(() => tell(clients, { ...order, count: LARGE_COUNT }));
  delay.disable();
  const ms = (ns: number) => (ns / 1e6).toFixed(0);
  console.log(
    `${String(LARGE_COUNT)} hooks of 16 MiB, ${where}: ${(LARGE_COUNT / seconds).toFixed(1)}/s, longest block ${ms(delay.max)} ms, p99 ${ms(delay.percentile(99))} ms (goal 50 ms); RSS ${String(rss())} MB`,
  );
}

async function tell(clients: ChildProcess, order: Order): Promise<void> {
  clients.send(order);
  await once(clients, 'message');
}

async function timed(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1_000;
}

/** In MB. */
function rss(): number {
  return Math.round(process.memoryUsage().rss / 1_048_576);
}

async function obey({ socketPath, run, count, atOnce, bytes }: Order): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const stdout = 'x'.repeat(bytes);
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async (_, session) => {
      while (next < count) {
        next += 1;
        const use = { tool_name: 'Bash', tool_input: { command: 'ls' }, tool_use_id: `toolu_${run}_${String(next)}` };
        const body = { session_id: `${run}-${String(session)}`, cwd: '/work', prompt_id: 't1', ...use };
        await post(agent, socketPath, JSON.stringify({ ...body, tool_response: { stdout } }));
      }
    }),
  );
  agent.destroy();
  process.send?.('done');
}

function post(agent: Agent, socketPath: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const path = '/hooks/post-tool-use';
    const outgoing = request({ socketPath, path, method: 'POST', agent, headers }, (incoming) => {
      incoming.resume();
      incoming.once('end', () =>
        incoming.statusCode === 200 ? resolve() : reject(new Error(String(incoming.statusCode))),
      );
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
