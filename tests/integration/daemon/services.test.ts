import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Scope } from '../../../src/application/lifecycle/scope.js';
import type { Service } from '../../../src/application/lifecycle/service.js';
import { type Daemon, startDaemon } from '../../../src/daemon.js';
import { homePaths } from '../../../src/home/home-paths.js';
import { createClient } from '../../../src/interfaces/client/client.js';
import { openScope } from '../../support/scope.js';
import { send } from '../../support/server-request.js';

type Adapt = (services: readonly Service[]) => readonly Service[];

/** A home of its own, in which the real server is started with some of its services changed. */
async function openHome(scope: Scope) {
  const home = await mkdtemp(join(tmpdir(), 'cw-'));
  scope.defer('home', () => rm(home, { recursive: true, force: true }));
  const paths = homePaths(home);
  const client = createClient({ socketPath: paths.socket });
  scope.defer('client', () => client.close());
  return {
    paths,
    client,
    health: async () => (await send({ socketPath: paths.socket, path: '/health' })).body,
    start: (adapt: Adapt): Promise<Daemon> =>
      scope.acquire(
        'server',
        () =>
          startDaemon({
            environment: { home, port: 0, logLevel: 'info', autostart: false, variables: {} },
            port: 0,
            requestStop: () => {},
            requestReplace: () => 'caller',
            adapt,
          }),
        (daemon) => daemon.stop('The test is over.'),
      ),
  };
}

/** Changes the start of one service. */
const changing =
  (name: string, change: (start: () => void | Promise<void>) => Promise<void>): Adapt =>
  (services) =>
    services.map((service) =>
      service.name === name ? { ...service, start: (scope) => change(() => service.start(scope)) } : service,
    );

/** Something that a test waits for. */
function createSignal(): { readonly happened: Promise<void>; readonly happen: () => void } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

describe('a server whose storage is still opening', () => {
  test('takes requests already, and answers them all when it is open', async () => {
    await using scope = openScope('the test');
    const { start, client, health } = await openHome(scope);
    const listening = createSignal();
    const mayOpen = createSignal();
    const slow = changing('storage', async (open) => {
      await mayOpen.happened;
      await open();
    });
    const started = start((services) => [...slow(services), announce(listening.happen)]);
    await listening.happened;
    expect(await health()).toMatchObject({ status: 'starting', services: { http: 'ready', storage: 'starting' } });

    const prompts = Array.from({ length: 20 }, (_, n) => `true ${n}`);
    const tasks = prompts.map((prompt) => client.task.enqueue.mutate({ prompt, workspace: '/', agent: 'shell' }));
    expect((await health())['status']).toBe('starting');
    mayOpen.happen();
    expect((await Promise.all(tasks)).map(({ prompt }) => prompt)).toEqual(prompts);
    await started;
    expect(await health()).toMatchObject({ status: 'ok', services: { storage: 'ready' } });
  });

  test('answers those who wait also when it turns out that it cannot start', async () => {
    await using scope = openScope('the test');
    const { start, paths } = await openHome(scope);
    const listening = createSignal();
    const fails = changing('storage', async () => {
      await listening.happened;
      const waiting = send({ socketPath: paths.socket, path: '/trpc/task.list' });
      // The first request is in the queue when the second one is answered.
      await send({ socketPath: paths.socket, path: '/health' });
      answers.push(waiting);
      throw new Error('the disk is gone');
    });
    const answers: ReturnType<typeof send>[] = [];
    await expect(start((services) => [...fails(services), announce(listening.happen)])).rejects.toThrow(
      'The server cannot run, because its service "storage" did not start: the disk is gone',
    );
    expect(await Promise.all(answers)).toMatchObject([{ status: 503, headers: { 'retry-after': '1' } }]);
  });
});

describe('a service that fails', () => {
  test('twice, and is not critical, is degraded until it is ready', async () => {
    await using scope = openScope('the test');
    const { start, client, health } = await openHome(scope);
    const third = createSignal();
    const mayStart = createSignal();
    let tries = 0;
    await start((services) => [
      ...services,
      {
        name: 'weather',
        needs: ['api'],
        critical: false,
        start: async () => {
          tries += 1;
          if (tries < 3) throw new Error('no answer');
          third.happen();
          await mayStart.happened;
        },
      },
    ]);
    const seen = new Set<unknown>();
    for (let state: unknown; state !== 'starting' || tries < 3; seen.add(state)) {
      state = ((await health())['services'] as Record<string, unknown>)['weather'];
    }
    await third.happened;
    expect(seen).toContain('degraded');
    mayStart.happen();
    const { server } = await client.system.status.query();
    expect(server.services).toContainEqual(expect.objectContaining({ name: 'weather', state: 'ready' }));
  });

  test('and is critical ends the start in one sentence, with everything closed', async () => {
    await using scope = openScope('the test');
    const { start, paths } = await openHome(scope);
    const broken = changing('scheduler', () => Promise.reject(new Error('no\ntime')));
    await expect(start(broken)).rejects.toMatchObject({
      exitCode: 1,
      message: 'The server cannot run, because its service "scheduler" did not start: no time',
    });
    await expect(stat(paths.socket)).rejects.toThrow('ENOENT');
    await expect(stat(paths.serverHint)).rejects.toThrow('ENOENT');
    const log = await readFile(paths.serverLog, 'utf8');
    expect(log).toContain('the server could not start');
    expect(log).toMatch(/"name":"storage","state":"stopped".*"stopMs":[\d.]+.*"msg":"stopped"/);
    await expect(stat(`${paths.database}-wal`)).rejects.toThrow('ENOENT');
    await start((services) => services);
  });
});

test('a server says how long each of its services took to start', async () => {
  await using scope = openScope('the test');
  const { start, client } = await openHome(scope);
  await start((services) => services);
  const names = [
    'watchdog',
    'workers',
    'http',
    'hint',
    'storage',
    'api',
    'agents',
    'context',
    'sessions',
    'spool',
    'transcripts',
    'cancellations',
    'scheduler',
    'schedules',
    'workspaces',
    'distil',
    'vectors',
    'retention',
  ];
  const { server } = await client.system.status.query();
  expect(server.services.map(({ name }) => name)).toEqual(names);
  const { items } = await client.event.list.query({ types: ['server.started'] });
  const [started] = items;
  // These are not critical, so the server may be up before they are ready.
  const late = ['hint', 'watchdog', 'context', 'sessions', 'spool', 'transcripts', 'workspaces'];
  const services = (started?.data['services'] as { name: string }[]).filter(({ name }) => !late.includes(name));
  const critical = names.filter((name) => !late.includes(name));
  const ms = expect.any(Number) as number;
  expect(services).toEqual(critical.map((name) => ({ name, state: 'ready', startMs: ms, blockedMs: ms })));
});

/** A service that says when the server listens. */
function announce(start: () => void): Service {
  return { name: 'announcement', needs: ['http'], critical: false, start };
}
