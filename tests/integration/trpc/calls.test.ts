import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../src/interfaces/client/client.js';
import type { AppRouter } from '../../../src/interfaces/trpc/router.js';
import { openTestServer, TOKEN } from '../../support/server.js';
import { send } from '../../support/server-request.js';

const COMMAND = { prompt: 'Say hello.', workspace: '/work' };
const ABSENT = 'task_00000000000';

describe('the API', () => {
  test('takes a task in, shows it, cancels it and gives it another try', async () => {
    await using server = await openTestServer();
    const { task } = server.client;
    const { id } = await task.enqueue.mutate(COMMAND);
    expect((await task.get.query({ taskId: id })).status).toBe('pending');
    expect((await task.cancel.mutate({ taskId: id })).status).toBe('cancelled');
    expect(await task.result.query({ taskId: id })).toMatchObject({ status: 'cancelled', attempts: [] });
    expect((await task.retry.mutate({ taskId: id })).status).toBe('pending');
    expect((await task.list.query({})).items.map((listed) => listed.id)).toEqual([id]);
  });

  test('pages through many', async () => {
    await using server = await openTestServer();
    const { task } = server.client;
    const made = await task.enqueueMany.mutate({ tasks: Array.from({ length: 5 }, () => COMMAND) });
    const first = await task.list.query({ limit: 3 });
    const second = await task.list.query({
      limit: 3,
      ...(first.nextCursor && { cursor: first.nextCursor as `task_${string}` }),
    });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.map(({ id }) => id).reverse());
    expect(second.nextCursor).toBeNull();
  });

  test('has a procedure for each noun', async () => {
    await using server = await openTestServer();
    const { client } = server;
    expect(await client.queue.pause.mutate()).toEqual({ paused: true });
    expect((await client.queue.stats.query()).paused).toBe(true);
    expect(await client.queue.resume.mutate()).toEqual({ paused: false });
    const { id } = await client.workspace.add.mutate({ path: '/work' });
    expect((await client.workspace.get.query({ workspaceId: id })).path).toBe('/work');
    expect((await client.workspace.list.query({})).items).toHaveLength(1);
    expect((await client.workspace.remove.mutate({ workspaceId: id })).status).toBe('removed');
    expect((await client.agent.list.query({})).items).toEqual([]);
    expect(await client.agent.profiles.query()).toEqual([]);
    expect((await client.session.list.query({})).items).toEqual([]);
    const task = { prompt: 'true', workspace: '/work' };
    const { name } = await client.schedule.add.mutate({ cron: '@daily', timeZone: 'UTC', task });
    expect((await client.schedule.pause.mutate({ schedule: name })).status).toBe('paused');
    expect((await client.schedule.resume.mutate({ schedule: name })).nextAt).toBeGreaterThan(0);
    expect((await client.schedule.run.mutate({ schedule: name })).existing).toBe(false);
    expect((await client.schedule.list.query({})).items).toHaveLength(1);
    expect((await client.schedule.get.query({ schedule: name })).spec).toEqual({ cron: '@daily', timeZone: 'UTC' });
    expect((await client.schedule.remove.mutate({ schedule: name })).name).toBe('true');
    const events = await client.event.list.query({ types: ['queue.*'] });
    expect(events.items.map(({ type }) => type)).toEqual(['queue.resumed', 'queue.paused']);
  });

  test('takes tool uses, each once, for sessions that it opens, pauses, resumes and closes', async () => {
    await using server = await openTestServer();
    const { observation, session } = server.client;
    const origin = { source: 'claude', providerSessionId: 'abc', cwd: '/work' };
    const toolUse = { toolUseId: 'toolu_1', name: 'Bash', input: { command: 'ls' }, result: 'README.md' };
    expect(await observation.record.mutate({ session: origin, toolUses: [toolUse] })).toEqual({
      recorded: 1,
      known: 0,
    });
    const opened = await session.start.mutate(origin);
    const sessionId = opened?.id ?? 'session_';
    const again = await observation.record.mutate({
      session: sessionId,
      toolUses: [toolUse, { ...toolUse, toolUseId: 'b' }],
    });
    expect(again).toEqual({ recorded: 1, known: 1 });
    expect(await session.toolUses.query({ sessionId })).toMatchObject({
      tools: [{ name: 'Bash', uses: 2, failed: 0 }],
    });
    expect((await session.prompts.query({ sessionId })).items).toEqual([]);
    expect((await observation.list.query({ sessionId })).items).toEqual([]);
    for (const [change, status] of [
      ['pause', 'paused'],
      ['resume', 'active'],
      ['close', 'closed'],
    ] as const) {
      expect(await session[change].mutate({ sessionId })).toMatchObject({ id: sessionId, status });
    }
    expect((await session.list.query({ status: 'closed' })).items).toHaveLength(1);
    const refused = session.pause.mutate({ sessionId });
    await expect(refused).rejects.toMatchObject({ data: { reason: 'invalid_transition' } });
    const absent = observation.record.mutate({ session: 'session_00000000000', toolUses: [toolUse] });
    await expect(absent).rejects.toMatchObject({ data: { reason: 'not_found' } });
  });

  test('shows the status of the contract', async () => {
    await using server = await openTestServer();
    const status = await server.client.system.status.query();
    expect(Object.keys(status).sort()).toEqual([
      'events',
      'limits',
      'memory',
      'paused',
      'pool',
      'queue',
      'server',
      'sessions',
    ]);
    expect(status.server).toMatchObject({
      version: '0.0.0-test',
      instanceId: 'instance-1',
      pid: process.pid,
      port: server.port,
      state: 'ready',
      services: [{ name: 'storage', state: 'ready', startMs: 1, warmUpMs: null }],
    });
    expect(status.server.memory.rssBytes).toBeGreaterThan(1_000_000);
  });

  test('asks the server to stop, and says which one was asked', async () => {
    await using server = await openTestServer();
    expect(await server.client.system.shutdown.mutate({ reason: 'Replaced.' })).toEqual({ instanceId: 'instance-1' });
    expect(server.shutdowns).toEqual(['Replaced.']);
  });
});

describe('a refusal', () => {
  test('carries its reason and one sentence', async () => {
    await using server = await openTestServer();
    const { task } = server.client;
    expect(await task.get.query({ taskId: ABSENT }).catch(failureOf)).toEqual({
      kind: 'refused',
      reason: 'not_found',
      message: `There is no task ${ABSENT}.`,
    });
    const { id } = await task.enqueue.mutate(COMMAND);
    await task.cancel.mutate({ taskId: id });
    expect(await task.cancel.mutate({ taskId: id }).catch(failureOf)).toMatchObject({ reason: 'invalid_transition' });
    expect(await task.enqueue.mutate({ ...COMMAND, priority: 5_000 }).catch(failureOf)).toMatchObject({
      reason: 'invalid_input',
      message: expect.stringMatching(/^priority: /) as string,
    });
  });

  test('of what is not there, or not to be asked for so, comes with its status', async () => {
    await using server = await openTestServer();
    const { socketPath } = server;
    const post = (path: string, body = '{}') =>
      send({ socketPath, method: 'POST', path, headers: { 'content-type': 'application/json' }, body });
    expect((await send({ socketPath, path: '/trpc/task.enqueue' })).status).toBe(405);
    expect((await post('/trpc/task.list')).status).toBe(405);
    expect((await post('/trpc/event.stream')).status).toBe(405);
    for (const path of ['/trpc/', '/trpc/nothing', '/trpc/task', '/trpc/__proto__', '/trpc/constructor', '/trpc/%zz']) {
      expect((await send({ socketPath, path })).status).toBe(404);
    }
    const broken = await post('/trpc/task.enqueue', '{');
    expect([broken.status, broken.body.error.message]).toEqual([400, expect.stringContaining('not valid JSON')]);
    expect((await send({ socketPath, path: '/trpc/task.list?input=%7B' })).status).toBe(400);
    expect((await send({ socketPath, path: '/trpc/event.stream,event.stream?batch=1' })).status).toBe(405);
  });

  test('of a bug says nothing of it, and is logged once', async () => {
    await using server = await openTestServer();
    const bug = new Error('the secret path /home/me');
    await using broken = await openTestServer({ app: { ...server.app, listTasks: () => Promise.reject(bug) } });
    const failure = await broken.client.task.list.query({}).catch(failureOf);
    expect(failure).toMatchObject({ kind: 'broken', message: expect.not.stringContaining('secret') as string });
    const { status, body } = await send({ socketPath: broken.socketPath, path: '/trpc/task.list?input=%7B%7D' });
    expect([status, JSON.stringify(body)]).toEqual([500, expect.not.stringMatching(/secret|stack|\.ts:/)]);
    expect(broken.errors).toEqual([
      { procedure: 'task.list', error: bug },
      { procedure: 'task.list', error: bug },
    ]);
  });
});

describe("tRPC's own client", () => {
  test('batches calls, each with its own outcome', async () => {
    await using server = await openTestServer();
    const client = createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url: `${server.url}/trpc`, headers: { authorization: `Bearer ${TOKEN}` } })],
    });
    const [stats, refusal, list] = await Promise.all([
      client.queue.stats.query(),
      client.task.get.query({ taskId: ABSENT }).catch(failureOf),
      client.task.list.query({ limit: 1 }),
    ]);
    expect(stats.pending).toBe(0);
    expect(refusal).toMatchObject({ reason: 'not_found' });
    expect(list.items).toEqual([]);
    const made = await Promise.all([client.task.enqueue.mutate(COMMAND), client.task.enqueue.mutate(COMMAND)]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(2);
  });
});
