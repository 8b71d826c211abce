import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { homePaths } from '../../src/home/home-paths.js';
import { createClient, fetchHealth } from '../../src/interfaces/client/client.js';
import { type CliHome, openHome, processesWith } from '../support/cli.js';

const SHELL = ['spawn', '--agent', 'shell'];
const AT_ONCE = 50;
const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));

it('starts one server for 50 commands at once, and all of them succeed', async () => {
  await using home = openHome();
  // Later, because an agent that runs is a process of this home too.
  const later = [...SHELL, '--delay', '1h', '--json', 'true'];
  const ran = await Promise.all(Array.from({ length: AT_ONCE }, () => home.run(later)));
  expect(ran.filter(({ code }) => code !== 0)).toEqual([]);
  expect(new Set(ran.map(({ stdout }) => (JSON.parse(stdout) as { id: string }).id)).size).toBe(AT_ONCE);

  await using client = createClient({ home: home.path });
  const { items } = await client.event.list.query({ types: ['server.started'] });
  expect(items).toHaveLength(1);
  const { pid } = await client.system.health.query();
  expect(processesWith(`CW_HOME=${home.path}`)).toEqual(process.platform === 'linux' ? [pid] : []);
});

describe('a server in the background', () => {
  it('is started once, private, away from where the user is, and says so', async () => {
    await using home = openHome();
    expect((await home.run(['start'])).stdout).toMatch(/^The server is up \(version [\d.]+, process \d+\)\.\n$/);
    expect((await home.run(['start'])).stdout).toMatch(/^A server runs already /);
    expect(await home.json(['start'])).toMatchObject({ started: false, server: { status: 'ok' } });
    expect(statSync(home.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(home.path, 'logs', 'start.log')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home.path, 'logs', 'start.log'), 'utf8')).toMatch(/^Codewalkers .* listens on .*\n$/);
  });

  it('is found by a relative CW_HOME from where the user is', async () => {
    await using home = openHome();
    const env = { CW_HOME: '../home' };
    expect(await home.run([...SHELL, '--wait', 'echo x'], { env })).toMatchObject({ code: 0, stdout: 'x\n' });
    expect(await home.json(['status'])).toMatchObject({ server: { state: 'ready' } });
  });

  it('is not started where that is forbidden, nor by what only looks', async () => {
    await using home = openHome();
    const env = { CW_NO_AUTOSTART: '1' };
    const ran = await home.run([...SHELL, 'true'], { env });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toBe(
      `No server runs for ${home.path}, and CW_NO_AUTOSTART=1 forbids to start one. Use: cw start\n`,
    );
    for (const args of [['status'], ['stop'], ['doctor'], ['config', 'list'], ['config', 'path']]) {
      expect(await home.run(args)).toMatchObject({ code: 0 });
    }
    expect(await home.run(['watch', '--no-start'])).toMatchObject({ code: 1, stdout: '' });
    expect(statSync(home.path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('gives way to the next one when it is killed', async () => {
    await using home = openHome();
    const { server } = (await home.json(['start'])) as { server: { pid: number; instanceId: string } };
    process.kill(server.pid, 'SIGKILL');
    const next = (await home.json([...SHELL, '--wait', 'echo again'])) as { result: unknown };
    expect(next.result).toMatchObject({ text: 'again\n' });
  });
});

describe('a server that is stopped', () => {
  it.each([[['stop']], [['stop', '--now']]])('takes the agents with it that do not want to end: %j', async (args) => {
    await using home = openHome();
    const task = home.start([
      ...SHELL,
      '--follow',
      "trap '' TERM; setsid sleep 600 & echo begun; sleep 600; sleep 600",
    ]);
    await task.sees('begun');
    const { items } = (await home.json(['agent', 'list'])) as { items: { runId: string }[] };
    const marker = `CW_RUN_ID=${items[0]?.runId ?? ''}`;
    if (process.platform === 'linux') expect(processesWith(marker).length).toBeGreaterThan(1);
    // Else the task begins again with the next server, which may end up running it.
    expect(await home.run(['queue', 'pause'])).toMatchObject({ code: 0 });
    expect(await home.run(args)).toMatchObject({ code: 0, stderr: '' });
    expect(processesWith(marker)).toEqual([]);
    task.process.kill('SIGINT');
    expect(await task.ended).toMatchObject({ code: 130 });
  });
});

describe('a server in the foreground', () => {
  it('says that it listens, and ends with 0 at SIGTERM', async () => {
    await using home = openHome();
    const server = home.start(['serve', '--port', '0']);
    await server.sees(/^Codewalkers .* listens on .*\n$/);
    server.process.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('ends its agents when its terminal is closed, however often that is told', async () => {
    await using home = openHome();
    const server = home.start(['serve']);
    await server.sees('listens on');
    const { id } = (await home.json([...SHELL, 'echo begun; sleep 600'])) as { id: string };
    const follower = home.start(['task', 'logs', '-f', id]);
    await follower.sees('begun');
    follower.process.kill();
    const { items } = (await home.json(['agent', 'list'])) as { items: { runId: string }[] };
    const marker = `CW_RUN_ID=${items[0]?.runId ?? ''}`;
    if (process.platform === 'linux') expect(processesWith(marker).length).toBeGreaterThan(0);
    server.process.kill('SIGHUP');
    server.process.kill('SIGHUP');
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
    expect(processesWith(marker)).toEqual([]);
  });

  it('goes on when nobody reads what it prints', async () => {
    await using home = openHome();
    const server = home.start(['serve']);
    server.process.stdout?.destroy();
    // Before there is one, the command would start a server of its own.
    const { socket: socketPath } = homePaths(home.path);
    await expect.poll(async () => (await fetchHealth({ socketPath })).found, { timeout: 20_000 }).toBe(true);
    expect(await home.run([...SHELL, '--wait', 'echo x'])).toMatchObject({ code: 0, stdout: 'x\n' });
    const { pid } = ((await home.json(['status'])) as { server: { pid: number } }).server;
    expect(pid).toBe(server.process.pid);
  });

  it('needs no starter that waits for its word', async () => {
    await using home = openHome();
    const starter = spawn(process.execPath, [CW, 'serve'], {
      env: { ...process.env, CW_HOME: home.path, CW_PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    });
    starter.disconnect();
    await new Promise((resolve) => starter.stdout?.once('data', resolve));
    expect(await home.json(['status'])).toMatchObject({ server: { pid: starter.pid } });
  });

  it('refuses a data directory that another one owns: 75', async () => {
    await using home = openHome();
    await home.run(['start']);
    const second = await home.run(['serve']);
    expect(second).toMatchObject({ code: 75, stdout: '' });
    expect(second.stderr).toMatch(/^[^\n]+\n$/);
  });
});

describe('a server that cannot start says why in one sentence', () => {
  it('because somebody else holds its port: 69', async () => {
    await using home = openHome();
    await using taken = await holdPort();
    const env = { CW_PORT: String(taken.port) };
    const holder = process.platform === 'linux' ? `\\(process ${process.pid}\\)` : '';
    for (const args of [['serve'], ['start'], [...SHELL, 'true']]) {
      const begin = Date.now();
      const ran = await home.run(args, { env });
      expect(ran, args.join(' ')).toMatchObject({ code: 69, stdout: '' });
      expect(ran.stderr).toMatch(new RegExp(`^[^\\n]*${taken.port}[^\\n]*${holder}[^\\n]*\\n$`));
      expect(Date.now() - begin).toBeLessThan(2_000);
    }
    expect(taken.received()).toBe('');
    expect(await home.run(['doctor'], { env })).toMatchObject({ code: 1, stderr: '' });
    for (const token of tokensOf(home)) expect(taken.received()).not.toContain(token);
  });

  it('because its database is none, or newer than the program: 78', async () => {
    await using home = openHome();
    await home.run([...SHELL, '--wait', 'true']);
    await home.run(['stop']);
    const file = join(home.path, 'cw.db');
    const database = new Database(file);
    database.prepare('INSERT INTO migration SELECT 9999, name, sha256, applied_at FROM migration LIMIT 1').run();
    database.close();
    await expectBadDatabase(/newer/);

    writeFileSync(file, 'this is no database '.repeat(1_000));
    await expectBadDatabase(/cw\.db/);

    async function expectBadDatabase(sentence: RegExp): Promise<void> {
      for (const args of [['start'], ['serve'], ['task', 'list']]) {
        const ran = await home.run(args);
        expect(ran, args.join(' ')).toMatchObject({ code: 78, stdout: '' });
        expect(ran.stderr).toMatch(sentence);
        expect(ran.stderr).toMatch(/^[^\n]+\n$/);
      }
    }
  });

  it.each<[what: string, make: (path: string) => string]>([
    ['a file', (path) => (writeFileSync(path, ''), path)],
    ['a symbolic link', (path) => (mkdirSync(`${path}.real`), symlinkSync(`${path}.real`, path), path)],
    ['nothing that can be made', () => (process.platform === 'linux' ? '/proc/codewalkers' : '/dev/null/codewalkers')],
  ])('because its home is %s: 78', async (_what, make) => {
    await using home = openHome();
    const env = { CW_HOME: make(join(home.workspace, 'elsewhere')) };
    for (const args of [['start'], [...SHELL, 'true'], ['serve']]) {
      const ran = await home.run(args, { env });
      expect(ran, args.join(' ')).toMatchObject({ code: 78, stdout: '' });
      expect(ran.stderr).toMatch(/^[^\n]*(elsewhere|codewalkers)[^\n]*\n$/);
    }
    expect(await home.run(['doctor'], { env })).toMatchObject({ stderr: '' });
  });

  it.each<[name: string, make: (path: string) => void]>([
    ['server.lock', (path) => writeFileSync(path, 'this is no lock '.repeat(100))],
    ['server.lock', (path) => mkdirSync(path)],
    ['spawn.lock', (path) => writeFileSync(path, 'this is no lock '.repeat(100))],
    ['spawn.lock', (path) => mkdirSync(path)],
    ['cw.sock', (path) => writeFileSync(path, '')],
    ['cw.sock', (path) => symlinkSync('/nowhere/cw.sock', path)],
    ['token', (path) => writeFileSync(path, 'guess me', { mode: 0o600 })],
    ['token', (path) => mkdirSync(path, { mode: 0o700 })],
    ['token', (path) => execFileSync('mkfifo', ['-m', '600', path])],
    ['config.json', (path) => truncateSync(path, 2_000_000)],
  ])('because its %s is something else: 78', async (name, make) => {
    await using home = openHome();
    await home.run(['config', 'set', 'pool.max', '1']);
    const path = join(home.path, name);
    make(path);
    const before = lstatSync(path);
    const ran = await home.run(['start']);
    expect(ran).toMatchObject({ code: 78, stdout: '' });
    expect(ran.stderr).toMatch(new RegExp(`^(?!Something)[^\\n]*${name}[^\\n]*\n$`));
    expect(lstatSync(path)).toMatchObject({ ino: before.ino, size: before.size });
  });

  it('because others may enter its home and it is not ours to close: 78', async () => {
    await using home = openHome();
    chmodSync(home.workspace, 0o755);
    writeFileSync(join(home.workspace, 'diary'), '');
    const ran = await home.run(['start'], { env: { CW_HOME: home.workspace } });
    expect(ran).toMatchObject({ code: 78, stdout: '' });
    expect(ran.stderr).toMatch(/^[^\n]*chmod 700[^\n]*\n$/);
  });
});

function tokensOf({ path }: CliHome): string[] {
  const file = join(path, 'token');
  return existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [];
}

/** Listens on a port and keeps what it is sent. */
async function holdPort(): Promise<AsyncDisposable & { readonly port: number; received(): string }> {
  let received = '';
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on no port.');
  return {
    port: address.port,
    received: () => received,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
