/**
 * What `cw` adds to a turn of an agent, over a whole server: a process of its own, with its socket, its database with FULL
 * durability, and a scripted ACP agent that is warm and says how long its own part took.
 *
 * * a turn: from the call of `task.enqueue` until the client hears of its end in a stream of events, less the agent's time;
 *   each turn is one task with a conversation of its own, two texts and a tool use that is remembered;
 * * 50 agents at once with `pool.max` 50: all must finish; how long that takes, what the supervisors hold, what is left.
 *
 *     npm run bench -- turn
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskId } from '../../src/domain/shared/id.js';
import { type Client, createClient } from '../../src/interfaces/client/client.js';

const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
const AGENT = fileURLToPath(new URL('../../tests/support/agents/scripted/timed-agent.mjs', import.meta.url));
/** The first turns start the agent and warm the server's code up. */
const WARM_UP = 100;
const TURNS = 1_000;
const AGENTS = 50;
/** How long each of them works, in milliseconds: longer than it takes to start them all. */
const WORK_MS = 20_000;

const root = mkdtempSync(join(tmpdir(), 'cw-bench-'));
const home = join(root, 'home');
const workspace = join(root, 'work');
mkdirSync(home, { mode: 0o700 });
mkdirSync(workspace);
const timed = { protocol: 'acp', command: process.execPath, args: [AGENT] };
const config = { pool: { max: AGENTS, maxPerWorkspace: AGENTS }, agents: { timed } };
writeFileSync(join(home, 'config.json'), JSON.stringify(config), { mode: 0o600 });

const env = { ...process.env, CW_HOME: home, CW_PORT: '0' };
const server = spawn(process.execPath, [CW, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
const client = createClient({ home });
try {
  await once(server.stdout, 'data');
  await using ends = await openEnds(client);
  await measureTurns(ends);
  await measureMany(ends);
} finally {
  await client.close();
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(root, { recursive: true, force: true });
}

type Ends = Awaited<ReturnType<typeof openEnds>>;

/** Hears of the ends of tasks, in one stream. */
async function openEnds(of: Client) {
  const waiting = new Map<string, (type: string) => void>();
  const early = new Map<string, string>();
  const types = ['task.completed', 'task.failed'];
  const stream = await new Promise<{ unsubscribe(): void }>((resolve, reject) => {
    const subscription = of.event.stream.subscribe(
      { types },
      {
        onStarted: () => resolve(subscription),
        onError: reject,
        onData({ data }) {
          if (!('taskId' in data)) return;
          const { taskId, type } = data;
          const heard = waiting.get(taskId);
          if (heard === undefined) early.set(taskId, type);
          else heard(type);
        },
      },
    );
  });
  return {
    async of(taskId: TaskId): Promise<void> {
      const type = early.get(taskId) ?? (await new Promise<string>((resolve) => waiting.set(taskId, resolve)));
      if (type === 'task.completed') return;
      const { error } = await of.task.get.query({ taskId });
      throw new Error(`${taskId} ended with ${type}: ${error?.message ?? ''}`);
    },
    async [Symbol.asyncDispose]() {
      stream.unsubscribe();
    },
  };
}

async function takeTurn(ends: Ends): Promise<number> {
  const begin = performance.now();
  const { id } = await client.task.enqueue.mutate({ agent: 'timed', prompt: 'Look around.', workspace });
  await ends.of(id);
  const whole = performance.now() - begin;
  const { result } = await client.task.get.query({ taskId: id });
  const own = Number(/Done in ([\d.]+) ms$/.exec(result?.text ?? '')?.[1]);
  if (Number.isNaN(own)) throw new Error(`${id} did not say how long it took: ${result?.text ?? ''}`);
  return whole - own;
}

async function measureTurns(ends: Ends): Promise<void> {
  for (let n = 0; n < WARM_UP; n += 1) await takeTurn(ends);
  const times: number[] = [];
  for (let n = 0; n < TURNS; n += 1) times.push(await takeTurn(ends));
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  console.log(
    `overhead of a turn: p50 ${at(0.5)} ms (goal 5), p99 ${at(0.99)} ms (goal 20), over ${String(TURNS)} turns`,
  );
}

async function measureMany(ends: Ends): Promise<void> {
  const begin = performance.now();
  const tasks = await Promise.all(
    Array.from({ length: AGENTS }, () =>
      client.task.enqueue.mutate({ agent: 'timed', prompt: String(WORK_MS), workspace }),
    ),
  );
  const done = Promise.all(tasks.map(({ id }) => ends.of(id)));
  await untilBusy(AGENTS);
  const seconds = (performance.now() - begin) / 1_000;
  const memory = memoryOf(supervisors());
  await done;
  const all = (performance.now() - begin) / 1_000;
  console.log(
    `${String(AGENTS)} agents at once: all work after ${seconds.toFixed(1)} s, all are done after ${all.toFixed(1)} s (${String(WORK_MS / 1_000)} s of it their own); ${memory}`,
  );
}

async function untilBusy(count: number): Promise<void> {
  for (;;) {
    const { pool } = await client.system.status.query();
    if (pool.busy >= count) return;
  }
}

/** Supervisors that this server started. */
function supervisors(): string[] {
  const pids = execFileSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' });
  return pids.split('\n').filter((pid) => pid !== '');
}

function memoryOf(pids: readonly string[]): string {
  const total = (field: string) =>
    pids
      .map((pid) => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
      .map((text) => Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1_024)
      .reduce((sum, each) => sum + each, 0);
  return `${String(pids.length)} processes of the server hold ${total('Pss').toFixed(0)} MiB PSS, ${total('Rss').toFixed(0)} MiB RSS`;
}
