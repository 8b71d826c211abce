/**
 * How long a session waits for its context where 200,000 observations are remembered: with the tokens of its lines
 * known, with 5 new entries since the last time in a thread that is there, and in a thread that has to be started.
 *
 *     npx tsx tests/bench/context.bench.ts [observations]
 */
import { fileURLToPath } from 'node:url';
import { createMakeContext } from '../../src/application/context/make-context.js';
import type { WorkerJobs } from '../../src/composition/worker-jobs.js';
import { timer } from '../../src/infrastructure/system/timer.js';
import { createTokenCounter } from '../../src/infrastructure/tokens/token-counter.js';
import { createWorkerPool } from '../../src/infrastructure/workers/worker-pool.js';
import { openTemporaryStorage } from '../support/storage.js';
import { addSessions, addWorkspaces, observation, WORKSPACE } from '../support/storage-samples.js';

const COUNT = Number(process.argv[2] ?? 200_000);
const ROUNDS = 50;
const STEP = 2_000;

await using storage = await openTemporaryStorage();
await addWorkspaces(storage);
await addSessions(storage);
let made = 0;
await add(COUNT);

await using workers = createWorkerPool<WorkerJobs>({
  entry: fileURLToPath(new URL('../../dist/worker.js', import.meta.url)),
  timer,
  logger: console,
});
const makeContext = createMakeContext({ ...storage, countTokens: createTokenCounter(workers), logger: console });

report('a thread to start', [await time()]);
const known: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) known.push(await time());
report('all lines known', known);
const some: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  await add(5);
  some.push(await time());
}
report('5 entries new', some);

async function time(): Promise<number> {
  const start = performance.now();
  await makeContext({
    workspaceId: WORKSPACE,
    prompt: 'retry the claim after a busy error',
    files: ['src/a.ts'],
    tokens: 2_000,
    waits: true,
  });
  return performance.now() - start;
}

async function add(count: number): Promise<void> {
  for (let left = count; left > 0; left -= STEP) {
    await storage.transaction(async ({ observations }) => {
      for (let n = Math.min(STEP, left); n > 0; n -= 1) {
        made += 1;
        const narrative = `Number ${String(made)} was broken; the lease of attempt ${String(made % 97)} is renewed now.`;
        await observations.insert(observation(made, { narrative, type: made % 500 === 0 ? 'summary' : 'fix' }));
      }
    });
  }
}

function report(name: string, times: number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
  console.log(`context, ${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (goal 20 ms)`);
}
