import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createClient, failureOf, fetchHealth } from '../../../src/interfaces/client/client.js';
import { openTestServer, TOKEN } from '../../support/server.js';

/** A program that sits on a port, says what it likes, and remembers all it was sent. */
async function openSquatter(answer: (request: string, socket: Socket) => void) {
  let received = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      answer(chunk.toString('latin1'), socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received: () => received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const answer = (text: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;

describe('over TCP', () => {
  test('calls and streams work once the server has proved itself', async () => {
    await using server = await openTestServer();
    const client = server.connect({ url: server.url, token: TOKEN });
    await client.task.enqueue.mutate({ prompt: 'Say hello.', workspace: '/work' });
    for await (const { data } of client.event.stream.subscribe({ after: 0 })) {
      if (data.type === 'task.enqueued') break;
    }
  });

  test.each([
    ['says nothing but yes', (_request: string, socket: Socket) => void socket.write(answer('{}'))],
    [
      'makes a proof up',
      (_request: string, socket: Socket) =>
        void socket.write(answer(JSON.stringify({ instanceId: 'instance-1', proof: 'ab'.repeat(32) }))),
    ],
    ['speaks no HTTP', (_request: string, socket: Socket) => void socket.write('220 mail.example ESMTP\r\n\r\n')],
    ['never stops', (_request: string, socket: Socket) => void socket.write('x'.repeat(200_000))],
    ['redirects', (_request: string, socket: Socket) => void socket.write('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n')],
    ['hangs up', (_request: string, socket: Socket) => void socket.end()],
  ])('a squatter that %s is shown nothing of the token', async (_what, speak) => {
    await using squatter = await openSquatter(speak);
    await using client = createClient({ url: `http://127.0.0.1:${squatter.port}`, token: TOKEN });
    const failure = await client.task.list.query({}).catch(failureOf);
    expect(failure).toMatchObject({ kind: expect.stringMatching(/untrusted|unreachable/) as string });
    expect(squatter.received()).toMatch(/^GET \/health\?nonce=/);
    expect(squatter.received()).not.toContain(TOKEN);
    expect(squatter.received().toLowerCase()).not.toContain('authorization');
  });

  test('a squatter that asks the true server for the proof gets none', async () => {
    await using server = await openTestServer();
    await using squatter = await openSquatter((request, socket) => {
      const path = request.split(' ')[1] ?? '';
      void fetch(`${server.url}${path}`).then(async (got) => socket.write(answer(await got.text())));
    });
    await using client = createClient({ url: `http://127.0.0.1:${squatter.port}`, token: TOKEN });
    expect(await client.task.list.query({}).catch(failureOf)).toMatchObject({ kind: 'untrusted' });
    expect(squatter.received()).not.toContain(TOKEN);
  });

  test('a subscription at a squatter ends with one error', async () => {
    await using squatter = await openSquatter((_request, socket) => void socket.write(answer('{}')));
    await using client = createClient({ url: `http://127.0.0.1:${squatter.port}`, token: TOKEN });
    const failed = (async () => {
      for await (const item of client.event.stream.subscribe({})) expect.fail(JSON.stringify(item));
    })();
    expect(failureOf(await failed.catch((error: unknown) => error))).toMatchObject({ kind: 'untrusted' });
  });

  test('a wrong token is named as such', async () => {
    await using server = await openTestServer();
    const client = server.connect({ url: server.url, token: 'of another server' });
    expect(await client.task.list.query({}).catch(failureOf)).toMatchObject({ kind: 'untrusted' });
  });
});

describe('without a server', () => {
  test('a call says that nobody is there', async () => {
    await using client = createClient({ home: join(tmpdir(), 'cw-nobody') });
    expect(await client.task.list.query({}).catch(failureOf)).toMatchObject({ kind: 'unreachable', code: 'ENOENT' });
    await using overTcp = createClient({ url: 'http://127.0.0.1:1', token: TOKEN });
    expect(await overTcp.task.list.query({}).catch(failureOf)).toMatchObject({
      kind: 'unreachable',
      code: 'ECONNREFUSED',
    });
  });

  test('a subscription gives up when it is told to', async () => {
    await using client = createClient({ home: join(tmpdir(), 'cw-nobody'), giveUpAfterMs: 0 });
    const failed = (async () => {
      for await (const item of client.event.stream.subscribe({})) expect.fail(JSON.stringify(item));
    })();
    const failure = failureOf(await failed.catch((error: unknown) => error));
    expect(failure).toMatchObject({ kind: 'unreachable', code: 'ENOENT' });
  });

  test('a server that goes while it answers is gone', async () => {
    const server = await openSquatter((_request, socket) => {
      socket.destroy();
      void server[Symbol.asyncDispose]();
    });
    const health = await fetchHealth({ url: `http://127.0.0.1:${server.port}` });
    expect(health).toMatchObject({ found: false, why: 'absent' });
  });

  test('options that name no server are refused at once', () => {
    expect(() => createClient({ url: 'http://127.0.0.1:37700' })).toThrow(/needs its token/);
    expect(() => createClient({ url: 'https://127.0.0.1:37700', token: TOKEN })).toThrow(/is not a server's URL/);
    expect(() => createClient({ url: 'http://127.0.0.1:37700/trpc', token: TOKEN })).toThrow(/is not a server's URL/);
  });
});

describe('fetchHealth', () => {
  test('finds a server on its socket and on its port', async () => {
    await using server = await openTestServer();
    const { socketPath, url } = server;
    for (const at of [{ socketPath }, { url }]) {
      expect(await fetchHealth(at)).toMatchObject({ found: true, health: { instanceId: 'instance-1', status: 'ok' } });
    }
  });

  test('tells nobody, somebody who is silent and somebody else apart', async () => {
    await using silent = await openSquatter(() => undefined);
    await using foreign = await openSquatter((_request, socket) => void socket.write(answer('{"hello":1}')));
    await using mail = await openSquatter((_request, socket) => void socket.write('220 mail.example ESMTP\r\n'));
    await using endless = await openSquatter((_request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.write('x'.repeat(200_000));
    });
    const ask = async (port: number) => {
      const found = await fetchHealth({ url: `http://127.0.0.1:${port}`, timeoutMs: 200 });
      return found.found ? 'found' : found.why;
    };
    expect(await Promise.all([1, silent.port, foreign.port, mail.port, endless.port].map(ask))).toEqual([
      'absent',
      'silent',
      'foreign',
      'foreign',
      'foreign',
    ]);
    expect(await fetchHealth({ socketPath: join(tmpdir(), 'cw-nobody.sock') })).toMatchObject({ why: 'absent' });
  });

  test('takes a server without room for one more connection for busy, not for gone', async () => {
    await using full = await openSquatter((_request, socket) => void socket.destroy());
    const at = { url: `http://127.0.0.1:${full.port}`, timeoutMs: 100 };
    expect(await fetchHealth(at)).toMatchObject({ found: false, why: 'silent' });

    let dropped = 0;
    await using busy = await openSquatter((_request, socket) => {
      dropped += 1;
      if (dropped < 3) socket.destroy();
      else socket.write(answer('{"instanceId":"it","status":"ok"}'));
    });
    expect(await fetchHealth({ url: `http://127.0.0.1:${busy.port}` })).toMatchObject({ found: true });
  });
});

describe('a call', () => {
  test('that the server leaves unanswered ends in its time', async () => {
    await using server = await openTestServer();
    await using silent = await openTestServer({ app: new Promise<typeof server.app>(() => undefined) });
    const client = silent.connect({ socketPath: silent.socketPath, timeoutMs: 100 });
    expect(await client.task.list.query({}).catch(failureOf)).toMatchObject({ kind: 'unreachable', code: 'ETIMEDOUT' });
  });

  test('ends when its caller gives it up', async () => {
    await using server = await openTestServer();
    await using silent = await openTestServer({ app: new Promise<typeof server.app>(() => undefined) });
    const giveUp = new AbortController();
    const call = silent.client.task.list.query({}, { signal: giveUp.signal });
    giveUp.abort();
    await expect(call).rejects.toThrow();
  });

  test('is sent again when the server had closed the kept connection, if it is a query', async () => {
    await using server = await openTestServer();
    await server.client.task.list.query({});
    await server.restart();
    expect((await server.client.task.list.query({})).items).toEqual([]);
  });

  test('that is answered with no JSON is a fault', async () => {
    const path = join(tmpdir(), `cw-${process.pid}.sock`);
    const server = createHttpServer((_request, response) => response.end('<html>')).listen(path);
    await once(server, 'listening');
    await using client = createClient({ socketPath: path });
    expect(await client.task.list.query({}).catch(failureOf)).toMatchObject({ kind: 'broken' });
    server.close();
  });

  test('of a hundred at once opens no more than 32 connections', async () => {
    await using server = await openTestServer();
    const many = Array.from({ length: 100 }, () => server.client.system.health.query());
    expect(new Set((await Promise.all(many)).map(({ instanceId }) => instanceId)).size).toBe(1);
  });
});

describe('a client', () => {
  test('that is closed ends its subscriptions in order', async () => {
    await using server = await openTestServer();
    const client = server.connect({ socketPath: server.socketPath });
    const ended = new Promise<void>((resolve, reject) => {
      client.event.stream.subscribe({}, { onStarted: () => void client.close(), onComplete: resolve, onError: reject });
    });
    await ended;
  });

  test('keeps its process alive no longer than its last call', async () => {
    await using server = await openTestServer();
    const program = `
      import { createClient } from ${JSON.stringify(new URL('../../../src/interfaces/client/client.ts', import.meta.url).pathname)};
      const client = createClient({ socketPath: process.argv[1] });
      console.log((await client.system.health.query()).instanceId);
    `;
    const args = ['--import', 'tsx', '--input-type=module', '-e', program, server.socketPath];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
    expect(stdout).toBe('instance-1\n');
  });
});
