import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CliHome, openHome, type RunOptions } from '../support/cli.js';

/** The whole process has a second; another is for what a busy machine takes to start one. In milliseconds. */
const PATIENCE_MS = 2_000;
const QUIET = { CW_NO_AUTOSTART: '1' };

const EVENT = { session_id: 'a-session', hook_event_name: 'PostToolUse', tool_name: 'Bash', tool_use_id: 'toolu_1' };

/** Something that listens where the server would, and does with each connection what the test wants. */
async function squat(home: CliHome, onConnection: (socket: Socket) => void): Promise<AsyncDisposable> {
  mkdirSync(home.path, { recursive: true, mode: 0o700 });
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(join(home.path, 'cw.sock'), resolve));
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers every request with this, once it is whole; gives the requests. */
function answering(answer: string): { readonly requests: string[]; readonly onConnection: (socket: Socket) => void } {
  const requests: string[] = [];
  return {
    requests,
    onConnection(socket) {
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const [head, body] = text.split('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(head ?? '')?.[1]);
        if (body === undefined || Buffer.byteLength(body) < length) return;
        requests.push(text);
        socket.end(answer);
      });
    },
  };
}

function hook(home: CliHome, event: string, stdin: unknown, options: RunOptions = {}) {
  const text = typeof stdin === 'string' ? stdin : JSON.stringify(stdin);
  return home.run(['hook', event], { ...options, stdin: text, env: { ...QUIET, ...options.env } });
}

function spooled(home: CliHome): { name: string; source: string; body: Record<string, unknown> }[] {
  const directory = join(home.path, 'spool');
  return readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as ReturnType<typeof spooled>[number]);
}

const SILENT_AND_DONE = { code: 0, stdout: '', stderr: '' };

describe('cw hook', () => {
  it('hands the event to the server as it is, and prints what the agent is to be told', async () => {
    await using home = openHome();
    const context = '{"hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"Ünïcode"}}';
    const server = answering(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${context}`);
    await using _ = await squat(home, server.onConnection);
    const ran = await home.run(['hook', 'session-start', '--source', 'codex'], {
      stdin: JSON.stringify(EVENT),
      env: QUIET,
    });
    expect(ran).toMatchObject({ code: 0, stdout: `${context}\n`, stderr: '' });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatch(/^POST \/hooks\/session-start\?source=codex HTTP\/1\.0\r\n/);
    expect(server.requests[0]).toMatch(/\r\nX-Codewalkers-Delivery: [\w-]+\r\n/);
    expect(server.requests[0]?.split('\r\n\r\n')[1]).toBe(JSON.stringify(EVENT));
  });

  it.each([
    ['nothing', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['an empty object', 'HTTP/1.1 200 OK\r\n\r\n{}'],
  ])('says nothing when the server answers %s', async (_, answer) => {
    await using home = openHome();
    await using _server = await squat(home, answering(answer).onConnection);
    expect(await hook(home, 'stop', EVENT)).toMatchObject(SILENT_AND_DONE);
    expect(readdirSync(home.path)).not.toContain('spool');
  });

  it('drops what the server will never take', async () => {
    await using home = openHome();
    await using _ = await squat(home, answering('HTTP/1.1 400 Bad Request\r\n\r\n{"error":{}}').onConnection);
    expect(await hook(home, 'stop', EVENT)).toMatchObject(SILENT_AND_DONE);
    expect(readdirSync(home.path)).not.toContain('spool');
  });

  it('keeps the event for the next server when none runs, in order, readable by the user alone', async () => {
    await using home = openHome();
    for (const n of [1, 2, 3]) {
      expect(await hook(home, 'post-tool-use', { ...EVENT, tool_use_id: `toolu_${n}` })).toMatchObject(SILENT_AND_DONE);
    }
    expect(spooled(home).map(({ name, body }) => [name, body['tool_use_id']])).toEqual([
      ['post-tool-use', 'toolu_1'],
      ['post-tool-use', 'toolu_2'],
      ['post-tool-use', 'toolu_3'],
    ]);
  });

  it.each([
    ['an answer that is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['an answer that is no JSON object', 'HTTP/1.1 200 OK\r\n\r\n<html>"'],
    ['an error of the server', 'HTTP/1.1 503 Service Unavailable\r\n\r\n{}'],
    ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: http://example.com\r\n\r\n'],
    ['nothing at all before it hangs up', ''],
  ])('keeps the event when it gets %s', async (_, answer) => {
    await using home = openHome();
    await using _server = await squat(home, answering(answer).onConnection);
    expect(await hook(home, 'stop', EVENT)).toMatchObject(SILENT_AND_DONE);
    expect(spooled(home)).toHaveLength(1);
  });

  it.each([
    ['takes the connection and says nothing', () => undefined],
    ['never stops answering', (socket: Socket) => void setInterval(() => socket.write('x'), 10).unref()],
  ])('gives up within a second on a server that %s, and then rests', async (_, onConnection) => {
    await using home = openHome();
    let connections = 0;
    await using _server = await squat(home, (socket) => {
      connections += 1;
      onConnection(socket);
    });
    expect(await elapsed(() => hook(home, 'post-tool-use', EVENT))).toBeLessThan(PATIENCE_MS);
    for (let n = 0; n < 3; n += 1) expect(await hook(home, 'post-tool-use', EVENT)).toMatchObject(SILENT_AND_DONE);
    expect(spooled(home)).toHaveLength(4);
    expect(connections).toBe(1);
    await hook(home, 'user-prompt-submit', { ...EVENT, prompt: 'Hello' });
    expect(connections).toBe(2);
  });

  it.each([
    ['empty', ''],
    ['half', '{"session_id": "a-ses'],
    ['no JSON', 'not json at all'],
    ['no object', '[1,2,3]'],
    ['deeply nested', '['.repeat(200_000)],
    ['too large', `{"x":"${'x'.repeat(17 * 1024 * 1024)}"}`],
  ])('ends quietly when its input is %s', async (_, stdin) => {
    await using home = openHome();
    expect(await hook(home, 'stop', stdin)).toMatchObject(SILENT_AND_DONE);
  });

  it('does not wait for input that never ends', async () => {
    await using home = openHome();
    const program = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
    const child = spawn(process.execPath, [program, 'hook', 'stop'], {
      env: { ...process.env, ...QUIET, CW_HOME: home.path },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(0);
  });

  it('reads its input from a socket, as Claude Code gives it', async () => {
    await using home = openHome();
    const script = `
      const { spawn } = require('node:child_process');
      const { createServer, connect } = require('node:net');
      const server = createServer((socket) => {
        const child = spawn(process.execPath, process.argv.slice(1), { stdio: [socket, 'inherit', 'inherit'] });
        child.once('exit', (code) => process.exit(code));
      }).listen(0, () => connect(server.address().port).end(${JSON.stringify(JSON.stringify(EVENT))}));`;
    const program = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
    const child = spawn(process.execPath, ['-e', script, program, 'hook', 'stop'], {
      env: { ...process.env, ...QUIET, CW_HOME: home.path },
      stdio: 'ignore',
    });
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    expect(spooled(home)).toMatchObject([{ name: 'stop', body: EVENT }]);
  });

  it('ends with 0 where nothing can be kept, and with an unknown event', async () => {
    await using home = openHome();
    mkdirSync(home.path, { mode: 0o700 });
    writeFileSync(join(home.path, 'spool'), 'a file stands in the way');
    expect(await hook(home, 'stop', EVENT)).toMatchObject(SILENT_AND_DONE);
    expect(await hook(home, 'no-such-event', EVENT)).toMatchObject(SILENT_AND_DONE);
  });

  it('leaves no private part and no secret in the spool', async () => {
    await using home = openHome();
    const key = `sk-ant-api03-${'Ab3'.repeat(31)}AA`;
    const body = {
      ...EVENT,
      prompt: `Use ${key} <private>canary</private> now`,
      tool_input: { password: 'hunter2hunter2' },
    };
    await hook(home, 'user-prompt-submit', body);
    const text = JSON.stringify(spooled(home));
    expect(text).toContain('now');
    for (const secret of [key, 'canary', 'hunter2']) expect(text).not.toContain(secret);
  });

  it('keeps nothing of a turn that is private as a whole, though the server left in the middle of it', async () => {
    await using home = openHome();
    {
      await using _ = await squat(home, answering('HTTP/1.1 204 No Content\r\n\r\n').onConnection);
      await hook(home, 'user-prompt-submit', { ...EVENT, prompt: ' <private>canary</private> ' });
    }
    await hook(home, 'post-tool-use', { ...EVENT, tool_response: 'canary' });
    await hook(home, 'post-tool-use', { ...EVENT, session_id: 'another', tool_response: 'public' });
    expect(spooled(home)).toMatchObject([{ body: { session_id: 'another' } }]);
    await hook(home, 'user-prompt-submit', { ...EVENT, prompt: 'Not private' });
    await hook(home, 'post-tool-use', { ...EVENT, tool_response: 'public' });
    expect(spooled(home).map(({ name }) => name)).toEqual(['post-tool-use', 'user-prompt-submit', 'post-tool-use']);
  });

  it('records nothing of the agents that distil for us', async () => {
    await using home = openHome();
    expect(await hook(home, 'stop', EVENT, { env: { CW_MEMORY: 'off' } })).toMatchObject(SILENT_AND_DONE);
    expect(readdirSync(join(home.path, '..'))).not.toContain('home');
  });
});

async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
