/**
 * Commit → event in a subscriber's hand, over the API's Unix socket, at 1 and at 100 subscribers, with the clients in a
 * process of their own. How many requests a second the API takes is in queue.bench.ts.
 *
 *     npm run bench -- events
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from '../../src/interfaces/client/client.js';
import { openTestServer } from '../support/server.js';

const EVENTS = 500;
/** Between two events, in milliseconds: live following, not replay. */
const PACE_MS = 5;

/** What the process with the clients is told, and tells. */
interface Order {
  readonly socketPath: string;
  readonly subscribers: number;
  readonly real: boolean;
}
/** Arrivals are [position, nanoseconds] on the machine's monotonic clock, which all processes share. */
type Report = { readonly following: true } | { readonly arrivals: [number, string][] };

if (process.send === undefined) await measure();
else process.on('message', (order: Order | 'stop') => void obey(order));

async function measure(): Promise<void> {
  for (const subscribers of [1, 100]) {
    for (const real of [true, false]) await measureEvents(subscribers, real);
  }
}

async function measureEvents(subscribers: number, real: boolean): Promise<void> {
  await using server = await openTestServer();
  const clients = startClients();
  try {
    await tell(clients, { socketPath: server.socketPath, subscribers, real });
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
