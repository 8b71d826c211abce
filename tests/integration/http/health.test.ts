import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { failureOf } from '../../../src/interfaces/client/client.js';
import { openTestServer, TOKEN } from '../../support/server.js';
import { send } from '../../support/server-request.js';

test('/health says who is there, without a token', async () => {
  await using server = await openTestServer();
  const { status, body } = await send({ port: server.port, path: '/health' });
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'ok',
    version: '0.0.0-test',
    instanceId: 'instance-1',
    pid: process.pid,
    startedAt: expect.any(Number) as number,
    uptimeMs: expect.any(Number) as number,
    services: { storage: 'ready' },
    protocol: 1,
  });
});

test('/health proves that the server knows the token', async () => {
  await using server = await openTestServer();
  const { body } = await send({ port: server.port, path: '/health?nonce=abc' });
  expect(body['proof']).toBe(createHmac('sha256', TOKEN).update('abcinstance-1').digest('hex'));
});

test('/health proves nothing to a nonce that names another port, is too long or is no word', async () => {
  await using server = await openTestServer();
  const { port } = server;
  expect((await send({ port, path: `/health?nonce=abc:${port}` })).body).toHaveProperty('proof');
  for (const nonce of [`abc:${port + 1}`, 'a'.repeat(129), '', '%00', 'a b']) {
    const { status, body } = await send({ port, path: `/health?nonce=${encodeURIComponent(nonce)}` });
    expect([status, body['proof']]).toEqual([400, undefined]);
  }
});

test('/ready is 200 only while the server takes work', async () => {
  await using server = await openTestServer();
  const { socketPath } = server;
  const statuses = [];
  for (const state of ['starting', 'ready', 'draining'] as const) {
    server.setState(state);
    statuses.push((await send({ socketPath, path: '/ready' })).status);
  }
  expect(statuses).toEqual([503, 200, 503]);
});

test('a draining server answers questions, and refuses new work but the request to stop', async () => {
  await using server = await openTestServer();
  server.setState('draining');
  const { socketPath, client } = server;
  const body = JSON.stringify({ prompt: 'Say hello.', workspace: '/work' });
  const headers = { 'content-type': 'application/json' };
  const answer = await send({ socketPath, method: 'POST', path: '/trpc/task.enqueue', headers, body });
  expect([answer.status, answer.headers['retry-after'], answer.body.error.reason]).toEqual([503, '1', 'unavailable']);
  const refusal = await client.queue.pause.mutate().catch(failureOf);
  expect(refusal).toMatchObject({ kind: 'refused', reason: 'unavailable' });
  expect((await client.system.health.query()).status).toBe('draining');
  await client.system.shutdown.mutate();
  expect(server.shutdowns).toHaveLength(1);
});

test('requests that come before the application is there wait for it', async () => {
  await using server = await openTestServer();
  let opened: (app: typeof server.app) => void = () => undefined;
  const app = new Promise<typeof server.app>((resolve) => {
    opened = resolve;
  });
  await using starting = await openTestServer({ app });
  const answer = starting.client.task.list.query({});
  expect((await send({ socketPath: starting.socketPath, path: '/health' })).status).toBe(200);
  opened(server.app);
  expect((await answer).items).toEqual([]);
});

test('requests that find no place to wait at, or wait too long, are told to come again', async () => {
  const app = new Promise<never>(() => {});
  await using full = await openTestServer({ app, startPatience: { maxWaiting: 0, waitMs: 10_000 } });
  await using slow = await openTestServer({ app, startPatience: { maxWaiting: 1, waitMs: 1 } });
  for (const { socketPath } of [full, slow]) {
    for (const method of ['GET', 'POST']) {
      const headers = { 'Content-Type': 'application/json' };
      const {
        status,
        headers: answered,
        body,
      } = await send({
        socketPath,
        path: '/trpc/task.list',
        ...(method === 'POST' ? { method, headers, body: '{}' } : {}),
      });
      expect([status, answered['retry-after'], body.error.reason]).toEqual([503, '1', 'unavailable']);
    }
  }
});
