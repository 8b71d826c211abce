/**
 * A backlog of tool uses over 200 sessions through the queue on SQLite, as after a start: how long the event loop was
 * blocked at most, and what memory it took. Then, without the storage:
 *
 * Tool uses per second through the rules distiller, on the cases of its table: as they are, and with answers of 30 kB
 * as long test runs give. One turn at a time, as the queue hands them over. Counted in this process's own time on a
 * processor, so that what else the machine does is left out.
 *
 *     npx tsx tests/bench/distil.bench.ts [tool uses] [backlog]
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { distilByRules } from '../../src/domain/distil/distil-by-rules.js';
import { startSession } from '../../src/domain/session/session-transitions.js';
import { encodeId, type SessionId } from '../../src/domain/shared/id.js';
import { openDistilQueue } from '../support/distil-queue.js';
import { openTemporaryStorage } from '../support/storage.js';
import { addWorkspaces, NOW, WORKSPACE } from '../support/storage-samples.js';
import { COMMANDS, FINDINGS, WORK } from '../unit/domain/distil/cases.js';
import { numbered, ROOT } from '../unit/domain/distil/uses.js';

const USES = Number(process.argv[2] ?? 50_000);
const BACKLOG = Number(process.argv[3] ?? 100_000);
const SESSIONS = 200;
const ROUNDS = 3;
const GOAL = 2_000;
const NOISE = Array.from(
  { length: 400 },
  (_, n) => `  at step ${n} of node:internal/process/task_queues:105:5 in the run\n`,
).join('');

const turns = [...WORK, ...COMMANDS, ...FINDINGS].map(({ prompt, uses, earlierFacts = [] }) => ({
  prompt,
  root: ROOT,
  earlierFacts,
  toolUses: numbered(uses),
}));
const longTurns = turns.map((turn) => ({
  ...turn,
  toolUses: turn.toolUses.map((use) => ({
    ...use,
    result: use.result.startsWith('{') ? use.result : NOISE + use.result,
  })),
}));

await drain();

for (const [name, stretches] of [
  ['answers as they are', turns],
  ['answers of 30 kB', longTurns],
] as const) {
  const rates = Array.from({ length: ROUNDS }, () => rate(stretches)).sort((a, b) => a - b);
  const [low = 0, median = 0] = rates;
  console.log(`${name}: ${Math.round(median)} tool uses/s, lowest ${Math.round(low)} (goal ${GOAL})`);
}

function rate(stretches: typeof turns): number {
  let uses = 0;
  const start = process.cpuUsage();
  while (uses < USES) {
    for (const stretch of stretches) {
      distilByRules(stretch);
      uses += stretch.toolUses.length;
    }
  }
  const { user, system } = process.cpuUsage(start);
  return (uses / (user + system)) * 1_000_000;
}

async function drain(): Promise<void> {
  await using storage = await openTemporaryStorage();
  await addWorkspaces(storage);
  const sessions = Array.from({ length: SESSIONS }, (_, n): SessionId => encodeId('session', n + 1));
  await storage.transaction(async ({ sessions: store }) => {
    for (const id of sessions) {
      const made = {
        id,
        source: 'claude',
        agent: 'claude',
        taskId: null,
        providerSessionId: id,
        workspaceId: WORKSPACE,
      };
      await store.insert(startSession(made, NOW).state);
    }
  });
  const samples = turns.flatMap(({ toolUses }) => toolUses);
  for (let n = 0; n < BACKLOG; n += 1_000) {
    await storage.transaction(async ({ toolUses }) => {
      for (let at = n; at < Math.min(n + 1_000, BACKLOG); at += 1) {
        const sample = samples[at % samples.length];
        const sessionId = sessions[at % SESSIONS];
        if (sample === undefined || sessionId === undefined) throw new Error('There are no samples.');
        await toolUses.insert({ ...sample, sessionId, toolUseId: `t${at}`, turn: `turn-${Math.floor(at / 4_000)}` });
      }
    });
  }
  await using opened = await openDistilQueue(storage);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  delay.enable();
  const start = performance.now();
  const used = process.cpuUsage();
  await opened.queue.catchUp(opened.scope.signal);
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(used);
  delay.disable();
  clearInterval(watch);
  const { observations, waiting } = await storage.read(({ memory }) => memory.counts());
  const [max, p99] = [delay.max / 1e6 - 5, delay.percentile(99) / 1e6 - 5];
  console.log(
    `backlog of ${BACKLOG}: ${Math.round(BACKLOG / seconds)} tool uses/s (${Math.round((BACKLOG / (user + system)) * 1e6)} per second of processor), ${observations} observations, ${waiting} left`,
  );
  console.log(
    `  loop blocked at most ${max.toFixed(1)} ms, p99 ${p99.toFixed(1)} (goal 50); memory ${(before / 1e6).toFixed(0)} → ${(most / 1e6).toFixed(0)} MB`,
  );
}
