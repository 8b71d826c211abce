/**
 * Recording tool uses, with the real storage (FULL) on a socket, clients in a process of their own.
 *
 * - `observation.record` of one tool use, 100 sessions at once: at a pace (each calls every 100 ms, answered or not, so
 *   that a slow server is not asked less), and as fast as it is answered (then the wait is 100 callers in a row, divided
 *   by the rate). Beside each the server's own time on a processor, which other work on the machine does not change.
 *   A round that is not counted comes first;
 * - the same over `POST /hooks/post-tool-use`;
 * - batches of 500.
 *
 *     npm run bench -- capture
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApplication } from '../../src/application/application.js';
import { openApplication } from '../support/application.js';
import { openTestServer } from '../support/server.js';
import { openTemporaryStorage } from '../support/storage.js';

const SESSIONS = 100;
const PER_SESSION = 1_000;
const PACE_MS = 100;
const BATCH = 500;

interface Order {
  readonly socketPath: string;
  readonly path: string;
  readonly kind: 'record' | 'hook' | 'batch';
  readonly sessions: number;
  readonly calls: number;
  readonly paceMs: number;
  readonly run: string;
}
interface Report {
  readonly seconds: number;
  readonly times: number[];
}

if (process.send === undefined) await measure();
else process.on('message', (order: Order) => void obey(order));

async function measure(): Promise<void> {
  await using storage = await openTemporaryStorage({ durability: 'full' });
  await using backend = openApplication();
  await using server = await openTestServer({
    app: createApplication({ ...backend.needs, ...storage, clock: Date.now }),
  });
  const clients = fork(fileURLToPath(import.meta.url), { execArgv: process.execArgv });
  const { socketPath } = server;
  const record = '/trpc/observation.record';
  const hook = '/hooks/post-tool-use';
  const orders: [string, Order][] = (
    [
      ['record, warming up', record, 'record', SESSIONS, PER_SESSION / 20, 0],
      ['hook, warming up', hook, 'hook', SESSIONS, PER_SESSION / 20, 0],
      ['record, paced', record, 'record', SESSIONS, PER_SESSION / 10, PACE_MS],
      ['hook, paced', hook, 'hook', SESSIONS, PER_SESSION / 10, PACE_MS],
      ['record, at full speed', record, 'record', SESSIONS, PER_SESSION, 0],
      ['hook, at full speed', hook, 'hook', SESSIONS, PER_SESSION, 0],
      [`batches of ${BATCH}`, record, 'batch', 4, 40, 0],
    ] as const
  ).map(([name, path, kind, sessions, calls, paceMs]) => [
    name,
    { socketPath, path, kind, sessions, calls, paceMs, run: name.replaceAll(' ', '-') },
  ]);
  for (const [name, order] of orders) {
    const used = process.cpuUsage();
    const { seconds, times } = await tell(clients, order);
    const { user, system } = process.cpuUsage(used);
    const uses = times.length * (order.kind === 'batch' ? BATCH : 1);
    console.log(
      `${name}: p50 ${at(times, 0.5)} ms, p99 ${at(times, 0.99)} ms, ${Math.round(uses / seconds)} tool uses/s, ${Math.round((user + system) / uses)} µs of processor each`,
    );
  }
  clients.kill();
}

async function tell(clients: ChildProcess, order: Order): Promise<Report> {
  clients.send(order);
  const [report] = (await once(clients, 'message')) as [Report];
  return report;
}

async function obey(order: Order): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 * SESSIONS });
  const times: number[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: order.sessions }, async (_, session) => {
      if (order.paceMs > 0) await delay((session * order.paceMs) / order.sessions);
      const first = performance.now();
      const underway: Promise<void>[] = [];
      for (let call = 0; call < order.calls; call += 1) {
        const body = bodyOf(order, session, call);
        const answered = timed(times, post(agent, order, body));
        if (order.paceMs === 0) await answered;
        else {
          underway.push(answered);
          await delay(Math.max(0, first + (call + 1) * order.paceMs - performance.now()));
        }
      }
      await Promise.all(underway);
    }),
  );
  agent.destroy();
  process.send?.({ seconds: (performance.now() - start) / 1_000, times } satisfies Report);
}

async function timed(times: number[], answer: Promise<void>): Promise<void> {
  const from = performance.now();
  await answer;
  times.push(performance.now() - from);
}

function bodyOf({ kind, run }: Order, session: number, call: number): string {
  const id = `${run}-${session}`;
  const input = { command: `npx vitest run tests/unit/file-${call}.test.ts`, description: 'Run one test file' };
  const result = `Test Files 1 passed (1)\nTests ${call} passed\n`.repeat(8);
  const toolUseId = `toolu_${run}_${call}`;
  if (kind === 'hook') {
    const tool = { tool_name: 'Bash', tool_input: input, tool_use_id: toolUseId, tool_response: { stdout: result } };
    return JSON.stringify({ session_id: id, cwd: '/work', hook_event_name: 'PostToolUse', prompt_id: 't1', ...tool });
  }
  const toolUses = Array.from({ length: kind === 'batch' ? BATCH : 1 }, (_, n) => ({
    ...{ toolUseId: `${toolUseId}_${n}`, name: 'Bash', turn: 't1', input, result },
  }));
  return JSON.stringify({ session: { source: 'claude', providerSessionId: id, cwd: '/work' }, toolUses });
}

function post(agent: Agent, { socketPath, path }: Order, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = request({ socketPath, path, method: 'POST', agent, headers }, (incoming) => {
      incoming.resume();
      incoming.once('end', () =>
        incoming.statusCode === 200 ? resolve() : reject(new Error(`${incoming.statusCode}`)),
      );
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function at(times: number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2);
}
