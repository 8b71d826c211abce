import { describe, expect, test } from 'vitest';
import { openTestServer, type TestServer, TOKEN } from '../../support/server.js';
import { send, sendBytes } from '../../support/server-request.js';

const BEARER = { authorization: `Bearer ${TOKEN}` };
const COMMAND = JSON.stringify({ prompt: 'Say hello.', workspace: '/work' });
const JSON_TYPE = { 'content-type': 'application/json' };

function enqueue({ port }: TestServer, headers: Record<string, string>, body = COMMAND) {
  return send({
    port,
    method: 'POST',
    path: '/trpc/task.enqueue',
    headers: { ...BEARER, ...JSON_TYPE, ...headers },
    body,
  });
}

async function noTasks({ client }: TestServer): Promise<void> {
  expect((await client.task.list.query({})).items).toEqual([]);
}

describe('the gate on TCP', () => {
  test('lets a request with everything right through', async () => {
    await using server = await openTestServer();
    expect((await enqueue(server, {})).status).toBe(200);
  });

  test.each([
    ['another host', { host: 'evil.example' }, 421],
    ['another port', { host: '127.0.0.1:1' }, 421],
    ['a name that only begins like ours', { host: 'localhost.evil.example:80' }, 421],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['the origin of another program on this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['the origin null', { origin: 'null' }, 403],
    ['a request from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a request from another port of this machine', { 'sec-fetch-site': 'same-site' }, 403],
    ['a navigation to the API', { 'sec-fetch-site': 'none' }, 403],
    ['no token', { authorization: '' }, 401],
    ['another token', { authorization: `Bearer ${TOKEN.replace('5', '6')}` }, 401],
    ['the token as a password', { authorization: `Basic ${TOKEN}` }, 401],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a form with files', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['JSON that is none', { 'content-type': 'text/plain; application/json' }, 415],
    ['JSON with parameters', { 'content-type': 'application/json; charset=utf-8' }, 415],
    ['bytes', { 'content-type': 'application/octet-stream' }, 415],
  ])('refuses %s', async (_what, headers, status) => {
    await using server = await openTestServer();
    const answer = await enqueue(server, headers);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(/^[A-Z].*\.$/);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    await noTasks(server);
  });

  test('lets its own page and its own names through', async () => {
    await using server = await openTestServer();
    const { port } = server;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      const headers = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
      expect((await enqueue(server, headers)).status).toBe(200);
    }
  });

  test.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'TRACE'])('refuses %s', async (method) => {
    await using server = await openTestServer();
    const { port } = server;
    const answer = await sendBytes(
      port,
      `${method} /trpc/task.list HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toContain('Allow: GET, POST\r\n');
  });

  test.each([
    ['an absolute URL', 'http://evil.example/health'],
    ['a URL of another host without a scheme', '//evil.example/health'],
    ['an asterisk', '*'],
    ['a backslash', '/\\evil.example/health'],
  ])('refuses %s in place of a path', async (_what, url) => {
    await using server = await openTestServer();
    const answer = await sendBytes(
      server.port,
      `GET ${url} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('asks who is there before it says what is wrong with the rest', async () => {
    await using server = await openTestServer();
    const { port } = server;
    const wrong = { host: 'evil.example', origin: 'null', 'content-type': 'text/plain', 'content-length': '9999999' };
    const order = [];
    const headers: Record<string, string> = { ...wrong };
    for (const fix of [{ host: `127.0.0.1:${port}` }, { origin: `http://127.0.0.1:${port}` }, BEARER, JSON_TYPE, {}]) {
      order.push((await send({ port, method: 'POST', path: '/trpc/task.enqueue', headers: { ...headers } })).status);
      Object.assign(headers, fix);
    }
    expect(order).toEqual([421, 403, 401, 415, 413]);
  });

  test('asks for the token on event streams, on /ready and where there is nothing', async () => {
    await using server = await openTestServer();
    for (const path of ['/trpc/event.stream', '/ready', '/', '/nothing', '/health/']) {
      expect((await send({ port: server.port, path })).status).toBe(401);
    }
    expect((await send({ port: server.port, path: '/nothing', headers: BEARER })).status).toBe(404);
  });

  test('takes no token in a URL', async () => {
    await using server = await openTestServer();
    const { port } = server;
    expect((await send({ port, path: `/trpc/task.list?token=${TOKEN}&authorization=Bearer%20${TOKEN}` })).status).toBe(
      401,
    );
  });
});

describe('the Unix socket', () => {
  test('asks for neither host nor token, and keeps the other limits', async () => {
    await using server = await openTestServer();
    const { socketPath } = server;
    const post = (headers: Record<string, string>, path = '/trpc/task.enqueue') =>
      send({ socketPath, method: 'POST', path, headers, body: COMMAND });
    expect((await post(JSON_TYPE)).status).toBe(200);
    expect((await post({ ...JSON_TYPE, host: 'anything', origin: 'null' })).status).toBe(200);
    expect((await post({ 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send({ socketPath, method: 'PUT', path: '/trpc/task.enqueue' })).status).toBe(405);
    const batch = Array.from({ length: 33 }, () => 'task.enqueue').join(',');
    expect((await post(JSON_TYPE, `/trpc/${batch}?batch=1`)).status).toBe(400);
  });
});
