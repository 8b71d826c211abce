import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeId } from '../../../src/domain/shared/id.js';
import type { HomePaths } from '../../../src/home/home-paths.js';
import { homePaths } from '../../../src/home/home-paths.js';
import { openSqliteStorage } from '../../../src/infrastructure/sqlite/sqlite-storage.js';
import { failureOf } from '../../../src/interfaces/client/failure.js';
import { openDaemonHome } from '../../support/daemon-home.js';
import { countRows, dumpRows, type Filled, faultsOf, fillExpired, makeRun } from '../../support/retention.js';
import { storageOptions } from '../../support/storage.js';

/** What a server finds that was away for long, and that distils nothing, so that nobody else changes it. */
const filledWith =
  (filled: Filled, more?: (paths: HomePaths) => Promise<void>, retention: object = {}) =>
  async (paths: HomePaths): Promise<void> => {
    await writeFile(paths.config, JSON.stringify({ memory: { enabled: false }, retention }), { mode: 0o600 });
    await (await openSqliteStorage(storageOptions(paths.home))).close();
    fillExpired(paths.database, filled);
    await more?.(paths);
  };

describe('pruning', () => {
  it('only counts when asked to, then removes just that, and never what is remembered', async () => {
    const bytes = 500;
    const filled = { events: 2_500, tasks: 1_200, toolUses: 1_100, textLength: bytes };
    await using server = await openDaemonHome(
      filledWith(filled, async ({ runs }) => {
        for (const key of [1, 2, 1_205]) makeRun(runs, key);
        makeRun(runs, 3, { daysAgo: 1 });
        mkdirSync(join(runs, 'of-somebody-else'), { recursive: true });
      }),
    );
    const { client, home } = server;
    const { database, runs } = homePaths(home);
    // What the lines of a context are long is counted meanwhile, in the background.
    const dump = (): Record<string, string> => ({ ...dumpRows(database), observation_tokens: 'counted' });
    const rows = dump();
    const counted = await client.system.prune.mutate({ dryRun: true });
    expect(counted).toMatchObject({
      dryRun: true,
      events: { rows: 2_500 },
      tasks: { rows: 1_200 },
      agents: { rows: 1_200 },
      toolUseTexts: { rows: 1_100, bytes: 1_100 * 2 * bytes },
      runs: { directories: 2, bytes: 200 },
    });
    expect(dump()).toEqual(rows);

    expect(await client.system.prune.mutate()).toEqual({ ...counted, dryRun: false });
    expect(faultsOf(database)).toEqual([]);
    expect(countRows(database)).toMatchObject({
      ...{ agent: 10, task: 10, task_prompt: 10, task_request: 10, attempt: 10 },
      ...{ tool_use: 1_110, tool_use_text: 10, observation: 10, session: 1 },
    });
    expect(dump()['observation']).toEqual(rows['observation']);
    const names = [1, 2, 3, 1_205].map((key) => existsSync(join(runs, `${encodeId('task', key)}-1`)));
    expect(names).toEqual([false, false, true, true]);
    expect(existsSync(join(runs, 'of-somebody-else'))).toBe(true);
    expect(await client.system.prune.mutate({ dryRun: true })).toMatchObject({
      ...{ events: { rows: 0 }, tasks: { rows: 0 }, toolUseTexts: { rows: 0 }, runs: { directories: 0 } },
    });
    const { queue } = await client.system.status.query();
    expect(queue.completed + queue.failed).toBe(10);
  });

  it('leaves a session readable whose task is gone, and says of the task that it is not there', async () => {
    await using server = await openDaemonHome(filledWith({ events: 5, tasks: 20, toolUses: 5 }));
    const { client } = server;
    await client.system.prune.mutate();
    const sessionId = encodeId('session', 1);
    expect(await client.session.get.query({ sessionId })).toMatchObject({ title: 'An old session', status: 'closed' });
    expect((await client.session.list.query({})).items).toHaveLength(1);
    expect((await client.session.toolUses.query({ sessionId })).tools).toMatchObject([{ name: 'Bash', uses: 15 }]);
    expect((await client.observation.list.query({ sessionId })).items).toHaveLength(10);
    const error = await client.task.get.query({ taskId: encodeId('task', 1) }).catch((thrown: unknown) => thrown);
    expect(failureOf(error)).toMatchObject({ reason: 'not_found' });
  });

  it('resets those who follow the log from a position that is gone, and no others', async () => {
    await using server = await openDaemonHome(filledWith({ events: 3_000, tasks: 1, toolUses: 1 }));
    const { client } = server;
    await client.system.prune.mutate();
    const firstOf = (after: number) =>
      new Promise<unknown>((resolve, reject) => {
        const following = client.event.stream.subscribe(
          { after },
          {
            onData: ({ data }) => {
              following.unsubscribe();
              resolve(data);
            },
            onError: reject,
          },
        );
      });
    expect(await firstOf(0)).toMatchObject({ type: 'reset', position: 3_000 });
    expect(await firstOf(2_999)).toMatchObject({ type: 'reset', position: 3_000 });
    expect(await firstOf(3_000)).toMatchObject({ type: 'task.completed', position: 3_001 });
  });

  it('brings outputs within their limit, those that finished first going first, and spares what has not finished', async () => {
    const MB = 1_000_000;
    await using server = await openDaemonHome(
      filledWith(
        { events: 1, tasks: 40, toolUses: 1 },
        async ({ runs }) => {
          for (const key of [1, 2, 3]) makeRun(runs, key, { bytes: 0.9 * MB });
        },
        { runOutputMb: 2, finishedTasksDays: 'forever' },
      ),
    );
    const { client, home, work } = server;
    const running = await client.task.enqueue.mutate({
      agent: 'shell',
      workspace: work,
      prompt: 'head -c 1500000 /dev/zero; echo; echo ready; read wait < "$0/never" 2>/dev/null; sleep 600',
    });
    await new Promise<void>((resolve, reject) => {
      const following = client.task.output.subscribe(
        { taskId: running.id },
        {
          onData: ({ data }) => {
            if (!data.text.includes('ready')) return;
            following.unsubscribe();
            resolve();
          },
          onError: reject,
        },
      );
    });
    const { runs } = homePaths(home);
    const there = (key: number) => existsSync(join(runs, `${encodeId('task', key)}-1`));
    expect(await client.system.prune.mutate()).toMatchObject({ tasks: { rows: 0 }, runs: { directories: 3 } });
    expect([there(1), there(2), there(3)]).toEqual([false, false, false]);
    expect(existsSync(join(runs, `${running.id}-1`, 'output.log'))).toBe(true);
    await client.task.cancel.mutate({ taskId: running.id });
  });

  it('holds nobody up: 100,000 events go while the server answers', async () => {
    await using server = await openDaemonHome(filledWith({ events: 100_000, tasks: 2_000, toolUses: 2_000 }));
    const { client, work } = server;
    const over = new AbortController();
    const pruned = client.system.prune.mutate().finally(() => {
      over.abort();
    });
    let answers = 0;
    while (!over.signal.aborted) {
      await client.task.enqueue.mutate({ agent: 'shell', workspace: work, prompt: 'true', delayMs: 3_600_000 });
      answers += 1;
    }
    expect(await pruned).toMatchObject({ events: { rows: 100_000 }, tasks: { rows: 2_000 } });
    // Over 400 transactions, and a turn for others between any two. How long each takes is for the benchmark.
    expect(answers).toBeGreaterThan(100);
  });
});
