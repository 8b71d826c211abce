import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHome } from '../support/cli.js';
import { endWhileStarting } from '../support/life/signals.js';

describe('the hint of a server that was', () => {
  it.each<[what: string, make: (path: string) => void]>([
    ['is empty', (path) => writeFileSync(path, '')],
    ['ends in the middle', (path) => writeFileSync(path, '{"pid":1,"star')],
    ['has a megabyte', (path) => writeFileSync(path, 'x'.repeat(1_000_000))],
    ['is a directory', (path) => mkdirSync(path)],
    ['names a foreign process', (path) => writeFileSync(path, JSON.stringify({ pid: 1, port: 1, version: '9.9.9' }))],
  ])('keeps no server from starting, nor from being seen and stopped: it %s', async (_what, make) => {
    await using home = openHome();
    mkdirSync(home.path, { mode: 0o700 });
    make(join(home.path, 'server.json'));
    expect(await home.run(['status'])).toMatchObject({ code: 0, stderr: '' });
    expect(await home.json(['start'])).toMatchObject({ started: true });
    expect(await home.run(['restart'])).toMatchObject({ code: 0, stderr: '' });
    expect(await home.run(['stop'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('never gets a process signalled that has taken its number', async () => {
    await using home = openHome();
    const { server } = (await home.json(['start'])) as { server: { pid: number; instanceId: string } };
    process.kill(server.pid, 'SIGKILL');
    const bystander = spawn('sleep', ['600'], { stdio: 'ignore' });
    try {
      const hint = { pid: bystander.pid, startedAt: 0, port: 1, version: '0.1.0', instanceId: server.instanceId };
      for (const args of [['stop'], ['stop', '--now'], ['start'], ['restart'], ['stop', '--now']]) {
        writeFileSync(join(home.path, 'server.json'), JSON.stringify(hint));
        expect(await home.run(args), args.join(' ')).toMatchObject({ code: 0 });
      }
      expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
    } finally {
      const ended = once(bystander, 'exit');
      bystander.kill('SIGKILL');
      await ended;
    }
  });
});

it('takes no empty HOME for the directory where the user is', async () => {
  await using home = openHome();
  const ran = await home.run(['config', 'path'], { env: { HOME: '', CW_HOME: '' } });
  expect(ran.stdout).toMatch(/^\/.*\/\.codewalkers\/config\.json\n$/);
});

it('puts nothing into a home whose path is too long for a socket', async () => {
  await using home = openHome();
  const CW_HOME = join(home.workspace, 'x'.repeat(200));
  for (const args of [['start'], ['serve'], ['spawn', '--agent', 'shell', 'true']]) {
    const ran = await home.run(args, { env: { CW_HOME } });
    expect(ran).toMatchObject({ code: 78, stdout: '' });
    expect(ran.stderr).toMatch(/^[^\n]*at most 103 bytes[^\n]*\n$/);
  }
  expect(existsSync(CW_HOME)).toBe(false);
});

describe('signals', () => {
  it('end a server in whatever step of its start it is, and leave nothing', async () => {
    expect(await endWhileStarting({ moments: 10 })).toMatchObject({ wrong: [] });
  });

  it('end it at once when they come twice, and the next one starts', async () => {
    await using home = openHome();
    const server = home.start(['serve']);
    await server.sees('listens on');
    const task = home.start([
      'spawn',
      '--agent',
      'shell',
      '--follow',
      "trap '' TERM; echo begun; while :; do sleep 1; done",
    ]);
    await task.sees('begun');
    await home.run(['queue', 'pause']);
    server.process.kill('SIGTERM');
    server.process.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 1 });
    task.process.kill('SIGINT');
    await task.ended;
    expect(await home.json(['start'])).toMatchObject({ started: true });
  });
});

it('restarts from five shells at once, again and again, and leaves one server', async () => {
  await using home = openHome();
  await home.run(['start']);
  for (let round = 0; round < 3; round += 1) {
    const ran = await Promise.all(Array.from({ length: 5 }, () => home.run(['restart'])));
    for (const one of ran) expect(one).toMatchObject({ code: 0, stderr: '' });
  }
  expect(await home.json(['status'])).toMatchObject({ server: { state: 'ready' } });
});
