/**
 * The queue through its use cases, on real SQLite with synchronous=FULL:
 *
 * * enqueue + claim + complete, 50 tasks at once, against bare better-sqlite3 doing the same statements in groups of
 *   the same size in the same run;
 * * enqueue → an agent is told to start, with an idle pool, at growing backlogs of a workspace that is full.
 *
 *     npx tsx tests/bench/queue.bench.ts [tasks]
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { createGrants } from '../../src/application/agent/grants.js';
import { createApplication } from '../../src/application/application.js';
import type { AgentRuntime } from '../../src/application/ports/agent-runtime.js';
import { startScheduler } from '../../src/application/task/scheduler.js';
import { type AgentId, decodeId } from '../../src/domain/shared/id.js';
import { addWorkspace, NO_GIT } from '../../src/domain/workspace/workspace.js';
import { createDistillerPlace } from '../../src/infrastructure/filesystem/distiller-place.js';
import { openTemporaryDirectory } from '../../src/infrastructure/filesystem/temporary-directory.js';
import { compileExclusion } from '../../src/infrastructure/redaction/exclusion.js';
import { redactor } from '../../src/infrastructure/redaction/redactor.js';
import { EVENT_STATEMENTS } from '../../src/infrastructure/sqlite/event-rows.js';
import { READY_QUERIES } from '../../src/infrastructure/sqlite/ready-tasks.js';
import { QUEUE_STATEMENTS } from '../../src/infrastructure/sqlite/sqlite-queue-repository.js';
import { openSqliteStorage, type SqliteStorage } from '../../src/infrastructure/sqlite/sqlite-storage.js';
import { TASK_QUERIES } from '../../src/infrastructure/sqlite/task-queries.js';
import { TASK_WRITES } from '../../src/infrastructure/sqlite/task-writes.js';
import { agentSecrets } from '../../src/infrastructure/system/agent-secrets.js';
import { createNewId, newRunId } from '../../src/infrastructure/system/ids.js';
import { stopwatch } from '../../src/infrastructure/system/stopwatch.js';
import { timer } from '../../src/infrastructure/system/timer.js';
import { NO_AGENT_FILES, NO_FILES, NO_TOKEN_FILES, NOTHING_EXPIRED, OWN_ACCOUNTS } from '../support/application.js';
import { createMemoryAttemptFiles } from '../support/memory-attempt-files.js';
import { openScope } from '../support/scope.js';

const COUNT = Number(process.argv[2] ?? 40_000);
const AT_ONCE = 50;
const SAMPLES = 1_000;
const PROMPT = 'Run the tests of this package, find out why the second one fails, and fix what is at fault. '.repeat(2);
const RESULT = { text: 'Done: 3 files changed.', truncated: false, bytes: 22, exitCode: 0 };
const OWNER = '0b1f5a7e-5f0e-4b39-9b1c-4d8e8f0f2a11';
const NO_AGENT: AgentRuntime = { start: () => Promise.reject(new Error('No agent is started here.')) };
const directory = mkdtempSync(join(tmpdir(), 'cw-bench-'));

try {
  const bare = [];
  const ours = [];
  // Taken in turns, because the machine is not the same from one second to the next.
  for (let round = 0; round < 3; round += 1) {
    bare.push(await runBare(`bare-${String(round)}`));
    ours.push(await runUseCases(`ours-${String(round)}`));
  }
  const [bareRate, ourRate] = [median(bare), median(ours)];
  console.log(`bare, groups of ${String(AT_ONCE)}:        ${rate(bareRate)} tasks/s`);
  console.log(`use cases, ${String(AT_ONCE)} at once:     ${rate(ourRate)} tasks/s`);
  console.log(`ratio: ${(ourRate / bareRate).toFixed(2)} (goal 0.60)`);
  for (const backlog of [0, 100_000]) await measureStart(backlog);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function open(name: string): Promise<SqliteStorage> {
  return openSqliteStorage({
    file: join(directory, `${name}.db`),
    backupsDirectory: join(directory, 'backups'),
    migrationsDirectory: fileURLToPath(new URL('../../migrations', import.meta.url)),
    durability: 'full',
  });
}

function composeApplication(storage: SqliteStorage, runtime: AgentRuntime, max: number, maxPerWorkspace: number) {
  const needs = {
    transaction: storage.transaction,
    read: storage.read,
    eventLog: storage.eventLog,
    clock: Date.now,
    random: Math.random,
    timer,
    newId: createNewId({ clock: Date.now, random: Math.random, lastKey: storage.lastKey() }),
    newRunId,
    profiles: {
      defaultName: 'shell',
      get: (name: string) => Promise.resolve({ name, protocol: 'shell' as const }),
      look: () => Promise.reject(new Error('not looked at')),
      list: () => Promise.resolve([]),
      ...OWN_ACCOUNTS,
    },
    directories: { resolve: (path: string) => Promise.resolve(path) },
    workspaceFiles: NO_FILES,
    repositories: { find: () => Promise.resolve(null), inspect: () => Promise.resolve(NO_GIT) },
    runFiles: {
      read: (_attempt: string, offset: number) => Promise.resolve({ offset, end: offset, text: '' }),
      grown: () => new Promise<void>(() => undefined),
    },
    logger: { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error },
    countTokens: (texts: readonly string[]) => Promise.resolve(texts.map(({ length }) => length)),
    findRemembered: () => Promise.reject(new Error('Nothing is looked for here.')),
    memoryFile: {
      write: () => Promise.reject(new Error('There is no file.')),
      check: () => Promise.reject(new Error('There is no file.')),
      read: () => Promise.reject(new Error('There is no file.')),
    },
    claudeMem: { open: () => Promise.reject(new Error('There is no file.')) },
    compactStorage: () => Promise.reject(new Error('There is no file.')),
    redactor,
    isExcluded: compileExclusion([]),
    memorySearch: {
      search: () => Promise.reject(new Error('not measured')),
      timeline: () => Promise.reject(new Error('not measured')),
    },
    settings: {
      memory: { enabled: true, contextTokens: 0, home: '/home/me/.codewalkers' },
      tasks: {
        maxAttempts: 3,
        backoffMs: 1_000,
        backoffMaxMs: 300_000,
        timeoutMs: 3_600_000,
        maxPending: 10_000_000,
      },
      pool: { min: 0, max, idleTimeoutMs: 60_000, maxPerWorkspace },
    },
    model: null,
    distillerPlace: createDistillerPlace('/nonexistent'),
    runtimes: { shell: runtime },
    leaveAgents: () => undefined,
    attemptFiles: createMemoryAttemptFiles(),
    embedder: null,
    takeBackup: () => Promise.reject(new Error('A benchmark takes no backup.')),
    expired: NOTHING_EXPIRED,
    retention: { eventsDays: 30, finishedTasksDays: 90, toolUseTextDays: 30, runOutputMb: 2_048 },
    stopwatch,
    sweepRuns: () => Promise.resolve({ ended: 0, left: 0 }),
    lookAtRun: () => Promise.resolve({ cpuMs: 0, processes: new Set<string>() }),
    grants: createGrants(agentSecrets),
    tokenFiles: NO_TOKEN_FILES,
    agentFiles: NO_AGENT_FILES,
    openTemporaryDirectory,
    openProbeStage: () => Promise.reject(new Error('not probed')),
    owner: OWNER,
    closing: new AbortController().signal,
  };
  return { needs, app: createApplication(needs) };
}

/** Tasks a second through `enqueueTask`, the scheduler's claims, and `completeTask`, with an agent that needs no time. */
async function runUseCases(name: string): Promise<number> {
  await using storage = await open(name);
  await using scope = openScope('the benchmark');
  const { needs, app } = composeApplication(storage, NO_AGENT, AT_ONCE, AT_ONCE);
  await app.enqueueTask({ prompt: 'warm up', workspace: '/home/me/project', delayMs: 1e9 });
  let busy = 0;
  let onFree = () => {};
  let completed = 0;
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const places = {
    ...app.pool,
    free: () => AT_ONCE - busy,
    fullWorkspaces: () => [],
    reserve: (): AgentId => {
      busy += 1;
      return needs.newId('agent');
    },
    onFree: (listener: () => void) => {
      onFree = listener;
    },
  };
  const runner = {
    async run(task: { id: `task_${string}`; epoch: number }) {
      await app.completeTask(task.id, task.epoch, RESULT);
      busy -= 1;
      completed += 1;
      onFree();
      if (completed === COUNT) finish();
    },
  };
  startScheduler({ ...needs, ...app, pool: places, runner }, scope);
  const start = performance.now();
  let left = COUNT;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        await app.enqueueTask({ prompt: PROMPT, workspace: '/home/me/project', agent: 'shell' });
      }
    }),
  );
  await done;
  return COUNT / ((performance.now() - start) / 1_000);
}

/** Tasks a second of the same statements in groups, without promises, domain or checks. */
async function runBare(name: string): Promise<number> {
  const newId = createNewId({ clock: Date.now, random: Math.random, lastKey: 0 });
  const workspaceKey = decodeId(newId('workspace'));
  {
    await using storage = await open(name);
    await storage.transaction(({ workspaces }) =>
      workspaces.insert(addWorkspace({ id: newId('workspace'), path: '/other', name: 'other' }, 0).state),
    );
  }
  const db = new Database(join(directory, `${name}.db`));
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.prepare('INSERT INTO workspace (id, path, name, added_at) VALUES (?, ?, ?, ?)').run(
    workspaceKey,
    '/home/me/project',
    'project',
    0,
  );
  const findWorkspace = db.prepare('SELECT * FROM workspace WHERE path = ?').raw();
  const insert = db.prepare(TASK_WRITES.insert);
  const paused = db.prepare(QUEUE_STATEMENTS.get).raw();
  const ready = db.prepare<unknown[], unknown[]>(READY_QUERIES.first).raw();
  const byId = db.prepare(TASK_QUERIES.byId).raw();
  const dependents = db.prepare(TASK_QUERIES.dependents).raw();
  const claim = db.prepare(TASK_WRITES.claim);
  const complete = db.prepare(TASK_WRITES.complete);
  const openAttempt = db.prepare(TASK_WRITES.openAttempt);
  const closeAttempt = db.prepare(TASK_WRITES.closeAttempt);
  const append = db.prepare(EVENT_STATEMENTS.append);
  const count = db.prepare('UPDATE task_count SET n = n + ? WHERE status = ?');
  const agent = newId('agent');
  const agentKey = decodeId(agent);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const grouped = (from: string | null, to: string, work: () => void) => {
    begin.run();
    for (let n = 0; n < AT_ONCE; n += 1) work();
    if (from !== null) count.run(-AT_ONCE, from);
    count.run(AT_ONCE, to);
    commit.run();
  };
  const start = performance.now();
  for (let n = 0; n < COUNT; n += AT_ONCE) {
    grouped(null, 'pending', () => {
      findWorkspace.get('/home/me/project');
      const now = Date.now();
      const key = decodeId(newId('task'));
      insert.run(
        key,
        'pending',
        now,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        'shell',
        workspaceKey,
        0,
        3,
        3_600_000,
        0,
        null,
        now,
        PROMPT,
        0,
        '',
        '',
        null,
        null,
        null,
        null,
      );
      const data = JSON.stringify({ status: 'pending', agent: 'shell', priority: 0, runAt: now });
      append.run('task.enqueued', now, key, null, null, null, null, data);
    });
    const running: number[] = [];
    begin.run();
    paused.get();
    for (const row of ready.all(AT_ONCE)) {
      const key = row[0] as number;
      const now = Date.now();
      claim.run(1, 1, agentKey, OWNER, null, now, key);
      openAttempt.run(key, 1, agentKey, now);
      append.run(
        'task.started',
        now,
        key,
        null,
        null,
        null,
        null,
        JSON.stringify({ epoch: 1, attempt: 1, agentId: agent }),
      );
      running.push(key);
    }
    count.run(-AT_ONCE, 'pending');
    count.run(AT_ONCE, 'processing');
    commit.run();
    grouped('processing', 'completed', () => {
      const key = running.pop() ?? 0;
      byId.get(key);
      const now = Date.now();
      complete.run(null, now, 0, RESULT.bytes, 0, RESULT.text, key);
      closeAttempt.run(now, 'completed', 0, null, null, key, 1);
      append.run(
        'task.completed',
        now,
        key,
        null,
        null,
        null,
        null,
        JSON.stringify({ epoch: 1, exitCode: 0, durationMs: 0 }),
      );
      dependents.all(key);
    });
  }
  const seconds = (performance.now() - start) / 1_000;
  db.close();
  return COUNT / seconds;
}

/** Prints how long it takes from the call of `enqueueTask` until an agent is given the prompt, one task at a time. */
async function measureStart(backlog: number): Promise<void> {
  await using storage = await open(`start-${String(backlog)}`);
  await using scope = openScope('the benchmark');
  let given: (prompt: string) => void = () => undefined;
  const never = new Promise<never>(() => undefined);
  const runtime: AgentRuntime = {
    start: () =>
      Promise.resolve({
        async *prompt({ prompt, workspace }) {
          if (workspace === '/full') await never;
          given(prompt);
          yield { type: 'turn_end', end: { outcome: 'completed', result: RESULT, receipt: { ended: 0, left: 0 } } };
        },
        stop: () => Promise.resolve({ ended: 0, left: 0 }),
      }),
  };
  const { needs, app } = composeApplication(storage, runtime, 4, 2);
  const waiting = { prompt: PROMPT, workspace: '/full' };
  for (let n = 0; n < backlog; n += 5_000) {
    await app.enqueueTasks({ tasks: Array.from({ length: Math.min(5_000, backlog - n) }, () => waiting) });
  }
  startScheduler({ ...needs, ...app }, scope);
  const times: number[] = [];
  for (let n = 0; n < SAMPLES + 100; n += 1) {
    const started = new Promise<void>((resolve) => {
      given = () => resolve();
    });
    const at = performance.now();
    const { id } = await app.enqueueTask({ prompt: 'now', workspace: '/free' });
    await started;
    if (n >= 100) times.push(performance.now() - at);
    for await (const { task } of app.watchTask({ taskId: id }, scope.signal)) if (task.status === 'completed') break;
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? NaN).toFixed(2);
  console.log(`enqueue → start, ${rate(backlog)} waiting: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (goal 1 and 5)`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function rate(perSecond: number): string {
  return Math.round(perSecond).toLocaleString('en').padStart(8);
}
