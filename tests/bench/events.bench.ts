/**
 * The API over its Unix socket, with the clients in a process of their own:
 *
 * * commit → event in a subscriber's hand, at 1 and at 100 subscribers;
 * * requests per second over 32 connections: a bare node:http server that answers `{}`, a query that does nothing, and
 *   `task.enqueue`, in memory and on SQLite with synchronous=FULL.
 *
 *     npx tsx tests/bench/events.bench.ts [requests]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApplication } from '../../src/application/application.js';
import { openSqliteStorage } from '../../src/infrastructure/sqlite/sqlite-storage.js';
import { createClient } from '../../src/interfaces/client/client.js';
import { openApplication } from '../support/application.js';
import { openTestServer } from '../support/server.js';

const REQUESTS = Number(process.argv[2] ?? 20_000);
const CONNECTIONS = 32;
const ROUNDS = 3;
const EVENTS = 500;
/** Between two events, in milliseconds: live following, not replay. */
const PACE_MS = 5;

const COMMAND = { prompt: 'Run the tests of this package and fix what is at fault. '.repeat(4), workspace: '/work' };

/** What the process with the clients is told, and tells. */
type Order =
  | { readonly do: 'load'; readonly socketPath: string; readonly request: string; readonly requests: number }
  | { readonly do: 'follow'; readonly socketPath: string; readonly subscribers: number; readonly real: boolean };
/** Arrivals are [position, nanoseconds] on the machine's monotonic clock, which all processes share. */
type Report = { readonly rate: number } | { readonly following: true } | { readonly arrivals: [number, string][] };

if (process.send === undefined) await measure();
else process.on('message', (order: Order | 'stop') => void obey(order));

async function measure(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'cw-bench-'));
  try {
    for (const [subscribers, real] of [
      [1, true],
      [1, false],
      [100, true],
      [100, false],
    ] as const) {
      await measureEvents(subscribers, real);
    }
    await measureRequests(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureEvents(subscribers: number, real: boolean): Promise<void> {
  await using server = await openTestServer();
  const clients = startClients();
  try {
    await tell(clients, { do: 'follow', socketPath: server.socketPath, subscribers, real });
    const committed = new Map<number, bigint>();
    for (let sent = 0; sent < EVENTS; sent += 1) {
      await server.app.pauseQueue(sent % 2 === 0);
      const at = process.hrtime.bigint();
      const { end } = await server.backend.eventLog.bounds();
      committed.set(end, at);
      await delay(PACE_MS);
    }
    const report = await tell(clients, 'stop');
    if (!('arrivals' in report)) throw new Error('The clients did not say what arrived.');
    const delays = report.arrivals
      .filter(([position]) => committed.has(position))
      .map(([position, at]) => Number(BigInt(at) - (committed.get(position) ?? 0n)) / 1e6);
    if (delays.length !== EVENTS * subscribers) throw new Error(`${delays.length} of ${EVENTS * subscribers} arrived.`);
    const kind = real ? 'clients' : 'bare sockets';
    console.log(
      `commit -> event, ${subscribers} ${kind}:`.padEnd(44),
      `p50 ${quantile(delays, 0.5)} ms, p99 ${quantile(delays, 0.99)} ms`,
    );
  } finally {
    clients.kill();
  }
}

async function measureRequests(directory: string): Promise<void> {
  const bare = createServer((_request, response) => response.end('{}'));
  const barePath = join(directory, 'bare.sock');
  bare.listen(barePath);
  await once(bare, 'listening');
  await using backend = openApplication({ tasks: { maxPending: 10_000_000 } });
  await using inMemory = await openTestServer({ app: backend.app });
  await using storage = await openSqliteStorage({
    file: join(directory, 'cw.db'),
    backupsDirectory: join(directory, 'backups'),
    migrationsDirectory: fileURLToPath(new URL('../../migrations', import.meta.url)),
    durability: 'full',
  });
  await using onDisk = await openTestServer({ app: createApplication({ ...backend.needs, ...storage }) });
  const clients = startClients();
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const body = JSON.stringify(COMMAND);
  const post =
    'POST /trpc/task.enqueue HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
  const cases: [string, string, string][] = [
    ['bare node:http', barePath, get('/')],
    ['/health', inMemory.socketPath, get('/health')],
    ['system.health (a query that does nothing)', inMemory.socketPath, get('/trpc/system.health')],
    ['task.enqueue, in memory', inMemory.socketPath, post],
    ['task.enqueue, SQLite FULL', onDisk.socketPath, post],
  ];
  const rates = new Map<string, number[]>();
  // Taken in turns, because the machine is not the same from one second to the next.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, socketPath, request] of cases) {
      const report = await tell(clients, { do: 'load', socketPath, request, requests: REQUESTS });
      if ('rate' in report) rates.set(name, [...(rates.get(name) ?? []), report.rate]);
    }
  }
  for (const [name, each] of rates) console.log(`${name}:`.padEnd(44), `${quantile(each, 0.5)} requests/s`);
  clients.kill();
  bare.close();
  bare.closeAllConnections();
}

function startClients(): ChildProcess {
  // tsx runs this file with loaders in execArgv; handed on, they run the clients too.
  return fork(fileURLToPath(import.meta.url), { execArgv: process.execArgv });
}

async function tell(clients: ChildProcess, order: Order | 'stop'): Promise<Report> {
  clients.send(order);
  const [report] = (await once(clients, 'message')) as [Report];
  return report;
}

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return value.toFixed(value < 100 ? 2 : 0);
}

// What follows runs in the process of the clients.

const arrivals: [number, string][] = [];

async function obey(order: Order | 'stop'): Promise<void> {
  if (order === 'stop') report({ arrivals });
  else if (order.do === 'load') report({ rate: await load(order.socketPath, order.request, order.requests) });
  else {
    const start = order.real ? followAsClient : followBare;
    await Promise.all(Array.from({ length: order.subscribers }, () => start(order.socketPath)));
    report({ following: true });
  }
}

function report(message: Report): void {
  process.send?.(message);
}

function arrived(position: number): void {
  arrivals.push([position, String(process.hrtime.bigint())]);
}

function followAsClient(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    createClient({ socketPath }).event.stream.subscribe(
      {},
      { onStarted: () => resolve(), onData: ({ id }) => arrived(Number(id)), onError: reject },
    );
  });
}

/** Costs next to nothing, so that it is the server that is measured. */
function followBare(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.setEncoding('latin1');
    socket.write('GET /trpc/event.stream?input={} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n');
    let text = '';
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('event: connected')) resolve();
      for (const match of text.matchAll(/\nid: (\d+)\n/g)) arrived(Number(match[1]));
      text = text.slice(text.lastIndexOf('\n\n') + 1);
    });
    socket.once('error', reject);
  });
}

/** One request after the other on each connection, until there were so many; the rate per second. */
async function load(socketPath: string, request: string, requests: number): Promise<number> {
  let left = requests;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, () => {
      return new Promise<void>((resolve, reject) => {
        const socket = connect(socketPath);
        const next = () => {
          left -= 1;
          if (left >= 0) socket.write(request);
          else socket.end(() => resolve());
        };
        let missing = -1;
        socket.on('data', (chunk: Buffer) => {
          if (missing < 0) {
            const end = chunk.indexOf('\r\n\r\n');
            const head = chunk.toString('latin1', 0, end);
            if (!head.startsWith('HTTP/1.1 200 ')) reject(new Error(chunk.toString()));
            missing = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 2) + end + 4;
          }
          missing -= chunk.length;
          if (missing > 0) return;
          missing = -1;
          next();
        });
        socket.once('error', reject);
        socket.once('connect', next);
      });
    }),
  );
  return Math.round(requests / ((performance.now() - started) / 1_000));
}
