import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AddressInUseError } from '../../../src/interfaces/http/listen.js';
import { openScope } from '../../support/scope.js';
import { openTestServer } from '../../support/server.js';
import { openBareStream } from '../../support/server-stream.js';

const newPath = () => join(tmpdir(), `cw-${process.pid}-${Math.random().toString(36).slice(2)}.sock`);

describe('a listener', () => {
  test("has a socket that is its owner's alone", async () => {
    await using server = await openTestServer();
    expect((await stat(server.socketPath)).mode & 0o777).toBe(0o600);
  });

  test('answers on loopback only', async () => {
    await using server = await openTestServer();
    const socket = connect(server.port, '::1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toMatch(/ECONNREFUSED|EADDRNOTAVAIL/);
  });

  test('takes the place of a socket that a killed server left', async () => {
    const socketPath = newPath();
    const program = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', program, socketPath]);
    expect((await stat(socketPath)).isSocket()).toBe(true);
    await using server = await openTestServer({ socketPath });
    const client = server.connect({ socketPath });
    expect((await client.system.health.query()).status).toBe('ok');
  });

  test('does not take the place of a server that answers, nor of a file', async () => {
    const socketPath = newPath();
    const other = createNetServer().listen(socketPath);
    await once(other, 'listening');
    await expect(openTestServer({ socketPath })).rejects.toThrow(AddressInUseError);
    other.close();
    await once(other, 'close');
    await writeFile(socketPath, 'precious');
    await expect(openTestServer({ socketPath })).rejects.toThrow(/is not a socket/);
    expect((await stat(socketPath)).size).toBe(8);
  });

  test('says whose port it wants, and leaves no socket behind', async () => {
    const socketPath = newPath();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const holder = process.platform === 'linux' ? `\\S+ \\(process ${process.pid}\\)` : 'another program';
    const message = new RegExp(
      `^Port ${port} on 127\\.0\\.0\\.1 is held by ${holder}; stop it, or choose another port with CW_PORT\\.$`,
    );
    await expect(openTestServer({ socketPath, port })).rejects.toThrow(message);
    await expect(stat(socketPath)).rejects.toThrow('ENOENT');
    other.close();
  });

  test('refuses a path that no socket can have', async () => {
    await expect(openTestServer({ socketPath: `/tmp/${'x'.repeat(100)}` })).rejects.toThrow(/shorter CW_HOME/);
  });
});

describe('closing', () => {
  test('answers what is in flight, and takes no more', async () => {
    await using server = await openTestServer();
    let goOn: () => void = () => undefined;
    const listed = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let asked: () => void = () => undefined;
    const inFlight = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await using slow = await openTestServer({
      app: {
        ...server.app,
        listTasks: async (input) => {
          asked();
          await listed;
          return server.app.listTasks(input);
        },
      },
    });
    const answer = slow.client.task.list.query({});
    await inFlight;
    const closed = slow.stopServing();
    const refused = request({ host: '127.0.0.1', port: slow.port, path: '/health', agent: false }).end();
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    goOn();
    expect((await answer).items).toEqual([]);
    await closed;
  });

  test('does not wait for streams, idle connections or requests that never end', async () => {
    await using server = await openTestServer();
    const stream = openBareStream(server.socketPath, 'event.stream');
    await stream.until(/event: connected/);
    await server.client.system.health.query();
    const idle = connect(server.port, '127.0.0.1');
    await once(idle, 'connect');
    const started = performance.now();
    await server.stopServing();
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect(stat(server.socketPath)).rejects.toThrow('ENOENT');
  });

  test('can be repeated for ever', async () => {
    await using scope = openScope('the test');
    const server = await scope.acquire(
      'server',
      () => openTestServer(),
      async (opened) => opened[Symbol.asyncDispose](),
    );
    const handles = () => process.getActiveResourcesInfo().filter((name) => /Server|Timeout|Pipe/.test(name)).length;
    const before = handles();
    for (let round = 0; round < 20; round += 1) await server.restart();
    expect(handles()).toBeLessThanOrEqual(before);
  });
});
