/**
 * The queue on real SQLite, `synchronous=FULL`, beside bare better-sqlite3 that runs the same statements, and beside two
 * other queues for Node with their own defaults. What is compared is taken in turns in one run; read the ratios.
 *
 *     npm run bench -- queue             everything, some ten minutes
 *     npm run bench -- queue --short     a tenth of the tasks, one round, up to 100,000 waiting
 *     npm run bench -- queue --only=api  one part: enqueue, process, start, api or peers
 *
 * "One by one" is a call for each task. Tasks wait "behind" that come after all that is measured; a "backlog" of so many
 * is what still waits at the end. Peers are installed from npm into a cached folder of their own.
 */
import { fork } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type { Lying } from '../support/fill-queue.js';
import { ask, MANY, measureApi } from './queue/api.js';
import { openBareQueue } from './queue/bare-queue.js';
import { median, plain, quantile, say } from './queue/figures.js';
import { type LoadOrder, load } from './queue/load.js';
import {
  AT_ONCE,
  enqueueBatches,
  enqueueSingly,
  makeDatabase,
  measureStart,
  openOurQueue,
  processTasks,
} from './queue/our-queue.js';
import { measurePeer, type PeerOrder } from './queue/peer-process.js';
import { installPeer, PEERS } from './queue/peers.js';

const options = process.argv.slice(2);
const isShort = options.includes('--short');
const only = options.find((option) => option.startsWith('--only='))?.slice('--only='.length);
const ROUNDS = isShort ? 1 : 3;
const TASKS = isShort ? 5_000 : 20_000;
const SAMPLES = isShort ? 300 : 2_000;
const BACKLOGS = isShort ? [0, 10_000, 100_000] : [0, 10_000, 100_000, 1_000_000];
const BATCH = 10_000;

/** What the best peer does, to stand beside ours. */
interface Best {
  singly: number;
  process: number;
}

if (process.send === undefined) await measure();
else {
  process.on('message', (order: LoadOrder | PeerOrder) => {
    ('socketPath' in order ? load(order) : measurePeer(order)).then(
      (rate) => process.send?.({ rate }),
      (error: unknown) => process.send?.({ problem: String(error) }),
    );
  });
}

async function measure(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'cw-bench-'));
  let made = 0;
  const named = () => `db-${String((made += 1))}`;
  const has = (part: string) => only === undefined || only === part;
  try {
    sayWhere(directory);
    await warmUp(directory, named);
    const best = has('peers') ? await measurePeers(directory, named) : { singly: Number.NaN, process: Number.NaN };
    if (has('enqueue')) await measureEnqueue(directory, named, best);
    if (has('process')) await measureProcess(directory, named, best);
    if (has('start')) await measureStarts(directory, named);
    if (has('api')) await measureOverSocket(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Versions, durability, and what one sync of the disk takes. */
function sayWhere(directory: string): void {
  const db = new Database(':memory:');
  const sqlite = String(db.prepare('SELECT sqlite_version()').pluck().get());
  db.close();
  const file = openSync(join(directory, 'sync'), 'w');
  const page = Buffer.alloc(4_096);
  const times = Array.from({ length: 1_000 }, (_, n) => {
    writeSync(file, page, 0, page.length, (n % 100) * page.length);
    const at = performance.now();
    fdatasyncSync(file);
    return performance.now() - at;
  });
  closeSync(file);
  console.log(`Node ${process.version}, SQLite ${sqlite}, ours and bare: WAL, synchronous=FULL`);
  console.log(`one sync of the disk: p50 ${plain(quantile(times, 0.5))} ms, p99 ${plain(quantile(times, 0.99))} ms`);
}

/** Has the code compiled before anything is measured: whatever came first would pay for it. */
async function warmUp(directory: string, named: () => string): Promise<void> {
  const tasks = 10_000;
  await using queue = await openOurQueue(directory, named(), {});
  await enqueueSingly(queue, tasks, AT_ONCE);
  await processTasks(queue, tasks);
  using raw = openBareQueue(await makeDatabase(directory, named(), {}));
  raw.enqueue(tasks, AT_ONCE);
  raw.process(tasks);
}

async function measureEnqueue(directory: string, named: () => string, best: Best): Promise<void> {
  console.log('\nenqueue, tasks/s');
  const sizes = [1, AT_ONCE, 100, BATCH];
  const ours = new Map<string, number[]>();
  const bare = new Map<number, number[]>();
  const note = <Key>(map: Map<Key, number[]>, key: Key, value: number) =>
    map.set(key, [...(map.get(key) ?? []), value]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const size of sizes) {
      const tasks = size === 1 ? TASKS / 10 : Math.max(TASKS, size * 5);
      using raw = openBareQueue(await makeDatabase(directory, named(), {}));
      note(bare, size, raw.enqueue(tasks, size));
      await using queue = await openOurQueue(directory, named(), {});
      if (size === 1) note(ours, '1 caller', await enqueueSingly(queue, tasks, 1));
      else if (size === AT_ONCE) note(ours, '50 callers', await enqueueSingly(queue, tasks, AT_ONCE));
      else note(ours, `batches of ${plain(size)}`, await enqueueBatches(queue, tasks, size));
    }
  }
  for (const [index, [name, rates]] of [...ours].entries()) {
    const size = sizes[index] ?? 1;
    const raw = median(bare.get(size) ?? []);
    const goal = size === BATCH ? ', goal 200,000' : size === AT_ONCE ? `, best peer ${plain(best.singly)}` : '';
    say(
      `ours, ${name}`,
      plain(median(rates)),
      `bare in groups of ${plain(size)}: ${plain(raw)}, ratio ${plain(median(rates) / raw)}${goal}`,
    );
  }
}

async function measureProcess(directory: string, named: () => string, best: Best): Promise<void> {
  console.log(`\nclaim + complete, ${String(AT_ONCE)} at once, empty handler, tasks/s`);
  const cases: [string, Lying][] = [
    ...BACKLOGS.map((waiting): [string, Lying] => [`${plain(waiting)} behind`, { waiting }]),
    ['500,000 finished', { finished: 500_000 }],
    ['100,000 delayed', { delayed: 100_000 }],
  ];
  let first = Number.NaN;
  for (const [name, lying] of cases) {
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      using raw = openBareQueue(await makeDatabase(directory, named(), { ...lying, ready: TASKS }));
      bare.push(raw.process(TASKS));
      await using queue = await openOurQueue(directory, named(), { ...lying, ready: TASKS });
      ours.push(await processTasks(queue, TASKS));
    }
    const [our, raw] = [median(ours), median(bare)];
    if (Number.isNaN(first)) first = our;
    const flat = `${plain(our / first)} of nothing waiting`;
    say(
      `ours, ${name}`,
      plain(our),
      `bare ${plain(raw)}, ratio ${plain(our / raw)} (goal 0.60); ${flat}; ${plain(our / best.process)} × peer (goal 2)`,
    );
  }
}

async function measureStarts(directory: string, named: () => string): Promise<void> {
  console.log('\nenqueue → start in process, ms (goal p50 0.2, p99 1, flat within 15 %)');
  const cases: [string, Lying][] = [
    ['nothing waits', {}],
    ...BACKLOGS.slice(1).flatMap((n): [string, Lying][] => [
      [`${plain(n)} wait behind it`, { waiting: n }],
      [`${plain(n)} wait in a full workspace`, { shutOut: n }],
    ]),
    ['500,000 finished', { finished: 500_000 }],
    ['100,000 delayed', { delayed: 100_000 }],
  ];
  for (const [name, lying] of cases) {
    await using full = await openOurQueue(directory, named(), lying);
    const times = await measureStart(full, SAMPLES);
    await using normal = await openOurQueue(directory, named(), lying, 'normal');
    const without = await measureStart(normal, SAMPLES);
    const both = (all: number[]) => `p50 ${plain(quantile(all, 0.5))}, p99 ${plain(quantile(all, 0.99))}`;
    say(name, both(times), `with NORMAL ${both(without)}`);
  }
}

async function measureOverSocket(directory: string): Promise<void> {
  console.log('\nAPI over the Unix socket, FULL, 32 connections if nothing else is said, requests/s');
  const clients = fork(fileURLToPath(import.meta.url));
  try {
    const tell = async (order: LoadOrder) => (await ask(clients, order)) ?? Number.NaN;
    const rates = await measureApi(directory, tell, { requests: TASKS, rounds: ROUNDS });
    const nothing = rates.get('system.health, which does nothing')?.perSecond ?? Number.NaN;
    for (const [name, { perSecond, cpu }] of rates) {
      const notes = [`${plain(cpu)} µs of processor`];
      if (name.startsWith('task.enqueue ')) notes.push(`${plain(perSecond / nothing)} of one that does nothing`);
      if (name === 'task.enqueue by 32') notes.push('goal 15,000 and 0.60');
      if (name.startsWith('task.enqueueMany')) notes.push(`${plain(perSecond * MANY)} tasks/s`);
      say(name, plain(perSecond), notes.join('; '));
    }
  } finally {
    clients.kill();
  }
}

/** Prints what the peers do, each in a process of its own. */
async function measurePeers(directory: string, named: () => string): Promise<Best> {
  const best: Best = { singly: Number.NaN, process: Number.NaN };
  const better = (one: number, other = Number.NaN) => (Number.isNaN(one) ? other : Math.max(one, other || 0));
  for (const peer of PEERS) {
    const { name, version, driver } = peer;
    const installed = installPeer(peer);
    if ('problem' in installed) {
      console.log(`\n${name} ${version} is left out: ${installed.problem}`);
      continue;
    }
    console.log(`\n${name} ${version} on better-sqlite3 ${driver ?? 'of ours'}, synchronous=NORMAL, tasks/s`);
    const run = async (order: Pick<PeerOrder, 'measure'> & Partial<PeerOrder>) => {
      const rates: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const child = fork(fileURLToPath(import.meta.url));
        const file = join(directory, `${named()}.db`);
        const whole = { peer, folder: installed.folder, file, tasks: TASKS, size: 1, waiting: 0, ...order };
        rates.push((await ask(child, whole)) ?? Number.NaN);
        child.kill();
        rmSync(file);
      }
      return median(rates);
    };
    const singly = await run({ measure: 'singly' });
    best.singly = better(best.singly, singly);
    say('enqueue one by one', plain(singly));
    for (const size of [100, BATCH]) {
      say(`enqueue in batches of ${plain(size)}`, plain(await run({ measure: 'batches', size, tasks: BATCH * 5 })));
    }
    for (const waiting of BACKLOGS) {
      const rate = await run({ measure: 'process', waiting });
      if (waiting === 0) best.process = better(best.process, rate);
      say(`process, ${String(waiting)} behind`, plain(rate));
    }
  }
  return best;
}
