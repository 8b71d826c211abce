import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openTestServer, TOKEN } from '../../support/server.js';
import { send, sendBytes } from '../../support/server-request.js';

const BEARER = { authorization: `Bearer ${TOKEN}` };
const JSON_TYPE = { 'content-type': 'application/json' };
const MIB = 1_048_576;

/** Posts `size` bytes, as fast as they are taken, until the server answers. */
async function post(port: number, size: number, headers: Record<string, string | number>) {
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/trpc/task.enqueue',
    headers: { ...BEARER, ...JSON_TYPE, ...headers },
    agent: false,
  });
  const chunk = Buffer.alloc(MIB, 'a');
  let sent = 0;
  // What is left to send after the answer meets a closed socket.
  outgoing.on('error', () => undefined);
  const answer = once(outgoing, 'response').then(([incoming]) => (incoming as { statusCode: number }).statusCode);
  const drained = () =>
    once(outgoing, 'drain').then(
      () => undefined,
      () => undefined,
    );
  let status: number | undefined;
  while (sent < size && status === undefined) {
    sent += chunk.length;
    if (!outgoing.write(chunk)) status = await Promise.race([drained(), answer]);
  }
  status ??= await answer;
  outgoing.destroy();
  return { status, sent };
}

describe('a body that is too large', () => {
  test.each([
    ['that says so', { 'content-length': 300 * MIB }],
    ['that does not say so', { 'transfer-encoding': 'chunked' }],
  ])('of 300 MB %s is answered with 413 and not kept', async (_what, headers) => {
    await using server = await openTestServer();
    const before = process.memoryUsage().rss;
    const { status, sent } = await post(server.port, 300 * MIB, headers);
    expect(status).toBe(413);
    expect(sent).toBeLessThan(50 * MIB);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
    expect((await send({ port: server.port, path: '/health' })).status).toBe(200);
  });

  test('is not even sent by a client that asks first', async () => {
    await using server = await openTestServer();
    const answer = await sendBytes(
      server.port,
      `POST /trpc/task.enqueue HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${2 * MIB}\r\nExpect: 100-continue\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('is refused with a GET, whatever it holds', async () => {
    await using server = await openTestServer();
    const headers = { ...BEARER, 'content-length': '1' };
    const answer = await send({ port: server.port, path: '/trpc/task.list', headers, body: 'x' });
    expect(answer.status).toBe(413);
  });

  test('is one byte over 1 MiB', async () => {
    await using server = await openTestServer();
    const at = (size: number) =>
      send({
        port: server.port,
        method: 'POST',
        path: '/trpc/task.enqueue',
        headers: { ...BEARER, ...JSON_TYPE },
        body: 'a'.repeat(size),
      });
    expect((await at(MIB)).body.error.message).toContain('JSON');
    expect((await at(MIB + 1)).status).toBe(413);
  });
});

test('a client that asks first is told to go on', async () => {
  await using server = await openTestServer();
  const body = JSON.stringify({ prompt: 'Say hello.', workspace: '/work' });
  const outgoing = request({
    socketPath: server.socketPath,
    method: 'POST',
    path: '/trpc/task.enqueue',
    headers: { ...JSON_TYPE, 'content-length': body.length, expect: '100-continue' },
  });
  outgoing.flushHeaders();
  await once(outgoing, 'continue');
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [{ statusCode: number; resume(): void }];
  incoming.resume();
  expect(incoming.statusCode).toBe(200);
});

test('a URL of more than 4,096 characters is refused', async () => {
  await using server = await openTestServer();
  const { port } = server;
  expect((await send({ port, path: `/health?x=${'a'.repeat(4_086)}` })).status).toBe(200);
  expect((await send({ port, path: `/health?x=${'a'.repeat(4_087)}` })).status).toBe(414);
});

test.each([
  ['33', 33, ',', 400],
  ['33 with their commas disguised', 33, '%2c', 400],
  ['10,000', 10_000, ',', 431],
])('a batch of %s calls is refused', async (_what, size, comma, status) => {
  await using server = await openTestServer();
  const path = `/trpc/${Array.from({ length: size }, () => 'queue.stats').join(comma)}?batch=1&input=%7B%7D`;
  expect((await send({ port: server.port, path, headers: BEARER })).status).toBe(status);
});

test('a batch of 32 calls is answered', async () => {
  await using server = await openTestServer();
  const path = `/trpc/${Array.from({ length: 32 }, () => 'queue.stats').join(',')}?batch=1&input=%7B%7D`;
  const { status, body } = await send({ port: server.port, path, headers: BEARER });
  expect([status, (body as unknown as unknown[]).length]).toEqual([200, 32]);
});

describe('a connection', () => {
  test('with more than 16 KiB of headers is refused', async () => {
    await using server = await openTestServer();
    const headers = { ...BEARER, 'x-much': 'a'.repeat(20_000) };
    expect((await send({ port: server.port, path: '/health', headers })).status).toBe(431);
  });

  test('that sends its headers drop by drop is closed', async () => {
    await using server = await openTestServer({ patience: { headersMs: 100, requestMs: 200, checkMs: 20 } });
    const answer = await sendBytes(server.port, 'GET /health HTTP/1.1\r\nHost: 127');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('that never ends its body is closed', async () => {
    await using server = await openTestServer({ patience: { headersMs: 100, requestMs: 200, checkMs: 20 } });
    const answer = await sendBytes(
      server.port,
      `POST /trpc/task.enqueue HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('that speaks no HTTP is told so and closed', async () => {
    await using server = await openTestServer();
    expect(await sendBytes(server.port, 'EHLO example\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('that is reset in the middle of a request leaves nothing in the log', async () => {
    await using server = await openTestServer();
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /trpc/task.enqueue HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect((await send({ port: server.port, path: '/health' })).status).toBe(200);
    expect(server.errors).toEqual([]);
  });
});
