import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../src/application/lifecycle/scope.js';
import { homePaths } from '../../../src/home/home-paths.js';
import { createClient } from '../../../src/interfaces/client/client.js';
import { isAlive } from '../../support/agents/bystander.js';
import type { Block, BlockableWord } from '../../support/blockable-daemon.js';
import { openScope } from '../../support/scope.js';

const PROGRAM = fileURLToPath(new URL('../../support/blockable-daemon.ts', import.meta.url));
/**
 * How long a loop of these tests may be dead, in milliseconds; 30,000 outside. Long enough that looks at it are not held
 * up by a busy machine, for then it is never dead.
 */
const DEAD_MS = 1_800;
/** Each starts one server or two from the sources, on a machine that may be busy. In milliseconds. */
const TIMEOUT_MS = 90_000;

interface BlockableServer {
  readonly process: ChildProcess;
  /** Resolves when the block is over, or never. */
  block(block: Block): Promise<void>;
  /** Stops it in order and gives the lines of its log. */
  stop(): Promise<Line[]>;
}

type Line = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A home, and servers in it whose event loop can be blocked. */
async function openHome(scope: Scope) {
  const home = await mkdtemp(join(tmpdir(), 'cw-'));
  scope.defer('home', () => rm(home, { recursive: true, force: true }));
  const paths = homePaths(home);
  const client = createClient({ socketPath: paths.socket });
  scope.defer('client', () => client.close());
  const log = async () =>
    (await readFile(paths.serverLog, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);

  async function start(flags: readonly string[] = []): Promise<BlockableServer> {
    const server = fork(PROGRAM, [home, String(DEAD_MS)], {
      execArgv: ['--import', import.meta.resolve('tsx'), ...flags],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const ended = once(server, 'exit');
    scope.defer('server', async () => {
      server.kill('SIGKILL');
      await ended;
    });
    await hears(server, 'watched');
    return {
      process: server,
      async block(block) {
        const free = hears(server, 'free');
        server.send(block);
        await free;
      },
      async stop() {
        server.kill('SIGTERM');
        expect(await ended).toEqual([0, null]);
        return log();
      },
    };
  }
  return { home, client, log, start };
}

async function hears(server: ChildProcess, word: BlockableWord): Promise<void> {
  for (;;) {
    const [said] = (await once(server, 'message')) as [BlockableWord];
    if (said === word) return;
  }
}

test('a block of the event loop is logged with what ran, and shown', async () => {
  await using scope = openScope('the test');
  const { start, client } = await openHome(scope);
  const server = await start();
  await server.block({ what: 'a long sum', ms: 400 });
  const { eventLoop } = (await client.system.status.query()).server;
  expect(eventLoop.blocks).toBeGreaterThanOrEqual(1);
  expect(eventLoop.maxMs).toBeGreaterThan(300);
  expect(eventLoop.p99Ms).toBeLessThanOrEqual(eventLoop.maxMs);
  const blocks = (await server.stop()).filter(({ msg }) => msg === 'the event loop was blocked');
  expect(blocks.length).toBeGreaterThanOrEqual(eventLoop.blocks);
  const [longest] = blocks.toSorted((a, b) => Number(b['blockedMs']) - Number(a['blockedMs']));
  expect(longest?.['blockedMs']).toBeGreaterThan(300);
  const [ran] = longest?.['ran'] as { readonly what: string; readonly ms: number }[];
  expect(ran?.what).toBe('a long sum');
  expect(ran?.ms).toBeGreaterThanOrEqual(399);
});

describe('a server whose event loop is dead', { timeout: TIMEOUT_MS }, () => {
  test('ends, saying what ran; the next one goes on with its agents', async () => {
    await using scope = openScope('the test');
    const { home, start, client, log } = await openHome(scope);
    const first = await start();
    const pids = join(home, 'pids');
    const task = await client.task.enqueue.mutate({
      prompt: `echo $$ >> ${pids}; (trap '' TERM; while :; do sleep 1; done) & echo $! >> ${pids}; sleep 1000`,
      workspace: home,
      agent: 'shell',
    });
    await expect.poll(() => readFile(pids, 'utf8').catch(() => ''), { timeout: 10_000 }).toMatch(/^\d+\n\d+\n$/);
    const agents = (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
    expect(agents.map(isAlive)).toEqual([true, true]);

    const ended = once(first.process, 'exit');
    void first.block({ what: 'an endless sum', ms: TIMEOUT_MS });
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect((await log()).at(-1)).toMatchObject({
      level: 60,
      latest: 'an endless sum',
      msg: 'the event loop was dead for 1.8 s, so the process was ended; it was last at work on: an endless sum',
    });

    const second = await start();
    expect(agents.map(isAlive)).toEqual([true, true]);
    expect((await client.event.list.query({ types: ['task.interrupted'] })).items).toEqual([]);
    expect(await client.task.get.query({ taskId: task.id })).toMatchObject({ status: 'processing', attempts: 1 });
    await client.task.cancel.mutate({ taskId: task.id });
    await expect.poll(() => agents.map(isAlive), { timeout: 10_000 }).toEqual([false, false]);
    await second.stop();
  });

  test('is left alone when the whole process was stopped, for however long', async () => {
    await using scope = openScope('the test');
    const { start, client } = await openHome(scope);
    const server = await start();
    for (const stoppedMs of [DEAD_MS / 2, 2 * DEAD_MS]) {
      server.process.kill('SIGSTOP');
      await pass(stoppedMs);
      server.process.kill('SIGCONT');
    }
    await pass(2 * DEAD_MS);
    expect((await client.system.health.query()).pid).toBe(server.process.pid);
    await server.stop();
  });

  test('is left alone while a debugger could be what holds it', async () => {
    await using scope = openScope('the test');
    const { start, client } = await openHome(scope);
    const server = await start(['--inspect=0']);
    await server.block({ what: 'a look around', ms: 2 * DEAD_MS });
    expect((await client.system.health.query()).pid).toBe(server.process.pid);
    await server.stop();
  });

  test('is not taken for one that is only blocked for some of the time', async () => {
    await using scope = openScope('the test');
    const { start, client } = await openHome(scope);
    const server = await start();
    for (let n = 0; n < 4; n += 1) await server.block({ what: 'a sum', ms: DEAD_MS / 2 });
    expect((await client.system.health.query()).pid).toBe(server.process.pid);
    await server.stop();
  });
});
