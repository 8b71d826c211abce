import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Event } from '../../src/domain/event/event.js';
import { createClient, failureOf } from '../../src/interfaces/client/client.js';
import { type CliHome, openHome, processesWith, type Running } from '../support/cli.js';
import { openInstallation } from '../support/installation.js';

const SHELL = ['spawn', '--agent', 'shell'];
/** Runs until the file `gate` is there. */
const GATED = 'echo begun; until [ -e gate ]; do sleep 0.02; done; echo finished';
/** Every other version is newer, or older, than any that is built. */
const NEWER = '1000.0.0';
const OLDER = '0.0.1';

interface Server {
  readonly instanceId: string;
  readonly pid: number;
  readonly version: string;
}

describe('cw restart', () => {
  it('puts another server in its place, while those who wait and watch go on and miss nothing', async () => {
    await using home = openHome();
    const waiting = home.start([...SHELL, '--wait', '--follow', GATED]);
    const watching = home.start(['watch', '--from', '0', '--json']);
    await waiting.sees('begun');
    await watching.sees('task.started');

    const { server, previous, ...rest } = (await home.json(['restart'])) as { server: Server; previous: Server };
    expect(rest).toEqual({ restarted: true, started: false });
    expect(server.instanceId).not.toBe(previous.instanceId);
    expect(await serverOf(home)).toMatchObject({ instanceId: server.instanceId, state: 'ready' });
    openGate(home);
    expect(await waiting.ended).toMatchObject({ code: 0, stdout: 'begun\nfinished\n' });

    const events = await eventsUntil(watching, 'task.completed');
    expect(events.map(({ position }) => position)).toEqual(events.map((_event, index) => index + 1));
    const types = events.map(({ type }) => type).filter((type) => /^(server|task\.(?!pro))/.test(type));
    expect(types.filter((type) => type.startsWith('server.'))).toEqual([
      'server.started',
      'server.draining',
      'server.started',
    ]);
    expect(types.filter((type) => type.startsWith('task.'))).toEqual([
      'task.enqueued',
      'task.started',
      'task.completed',
    ]);
  });

  it('starts a server where none runs, and two at once leave one', async () => {
    await using home = openHome();
    expect((await home.run(['restart'])).stdout).toMatch(/^No server ran; one is up now \(version .*\)\.\n$/);
    const both = await Promise.all([home.run(['restart']), home.run(['restart'])]);
    for (const ran of both) expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(await home.run(['status'])).toMatchObject({ code: 0 });
  });

  it('exits 1 with the end of the log when the new server does not start; the next command recovers', async () => {
    await using home = openHome();
    using broken = openInstallation(OLDER);
    const { program } = broken;
    await home.run(['start'], { program });
    writeFileSync(broken.main, 'throw new Error("This server is broken.");\n');
    const ran = await home.run(['restart'], { program });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('This server is broken.');
    expect(await home.run([...SHELL, '--wait', 'echo served'])).toMatchObject({ code: 0, stdout: 'served\n' });
  });

  it('is called off by a stop', async () => {
    await using home = openHome();
    const task = home.start([...SHELL, '--follow', "trap '' TERM; echo begun; while :; do sleep 1; done"]);
    await task.sees('begun');
    await using client = createClient({ home: home.path });
    const { instanceId, version } = await client.system.health.query();
    expect(await client.system.replace.mutate({ instanceId, toVersion: version })).toEqual({
      instanceId,
      successor: 'server',
    });
    // The agent does not want to end, so the server drains for a while.
    expect(await home.run(['stop'])).toMatchObject({ code: 0 });
    task.process.kill('SIGINT');
    await task.ended;
    expect(await home.run(['status', '--json'])).toMatchObject({
      stdout: expect.stringContaining('"server":null') as string,
    });
  });
});

describe('a stop in the middle of a handover', () => {
  it('leaves neither a server nor an agent, whenever it comes', async () => {
    await using home = openHome();
    // Moments and not events on purpose: between the two servers there is nobody who could tell of one.
    for (const afterMs of [0, 80, 160, 240, 320, 400, 500]) {
      const { id } = (await home.json([...SHELL, 'sleep 1000'])) as { id: string };
      await expect
        .poll(async () => ((await home.json(['task', 'show', id])) as { status: string }).status)
        .toBe('processing');
      await using client = createClient({ home: home.path });
      const { instanceId, version } = await client.system.health.query();
      await client.system.replace.mutate({ instanceId, toVersion: version });
      await wait(afterMs);
      expect(await home.run(['stop']), String(afterMs)).toMatchObject({ code: 0 });
      expect(processesWith(`CW_HOME=${home.path}`), String(afterMs)).toEqual([]);
      await home.run(['start']);
      await home.run(['task', 'cancel', id]);
    }
  });
});

describe('system.replace', () => {
  it('is for the server that the caller saw, and never to an older version', async () => {
    await using home = openHome();
    await home.run(['start']);
    await using client = createClient({ home: home.path });
    const { instanceId, version } = await client.system.health.query();
    for (const input of [
      { instanceId: 'another', toVersion: version },
      { instanceId, toVersion: OLDER },
    ]) {
      expect(await client.system.replace.mutate(input).catch(failureOf)).toMatchObject({ reason: 'conflict' });
    }
    expect(await client.system.replace.mutate({ instanceId, toVersion: 'new' }).catch(failureOf)).toMatchObject({
      reason: 'invalid_input',
    });
    expect(await client.system.health.query()).toMatchObject({ instanceId, status: 'ok' });
  });
});

describe('a newer command', () => {
  it('has an older server replaced once, however many come at once, and all are served', async () => {
    await using home = openHome();
    using newer = openInstallation(NEWER);
    const { server: first } = (await home.json(['start'])) as { server: Server };
    const watching = [0, 1, 2].map(() => home.start(['watch', '--from', '0', '--json']));
    await Promise.all(watching.map((watch) => watch.sees('server.started')));

    const commands = Array.from({ length: 13 }, (_none, index) =>
      home.run([...SHELL, '--wait', `echo ${String(index)}`], index % 4 === 3 ? {} : { program: newer.program }),
    );
    const ran = await Promise.all(commands);
    expect(ran.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      ran.map((_ran, index) => ({ code: 0, stdout: `${String(index)}\n` })),
    );
    expect(await serverOf(home)).toMatchObject({ version: NEWER });
    expect((await serverOf(home)).instanceId).not.toBe(first.instanceId);

    for (const watch of watching) {
      const events = await eventsUntil(watch, /(task\.completed[^]*){13}/);
      expect(events.map(({ position }) => position)).toEqual(events.map((_event, index) => index + 1));
      const servers = events.map(({ type }) => type).filter((type) => type.startsWith('server.'));
      expect(servers).toEqual(['server.started', 'server.draining', 'server.started']);
    }
  });

  it('does not take turns with an older one, which cannot restart it either', async () => {
    await using home = openHome();
    using newer = openInstallation(NEWER);
    const { program } = newer;
    const { server } = (await home.json(['start'], { program })) as { server: Server };
    for (const options of [{}, { program }, {}])
      expect(await home.run(['task', 'list'], options)).toMatchObject({ code: 0 });
    expect(await home.json(['start'])).toMatchObject({ started: false });
    const restart = await home.run(['restart']);
    expect(restart).toMatchObject({ code: 1, stdout: '' });
    expect(restart.stderr).toMatch(/^The server is version 1000\.0\.0 and this command [^\n]*\n$/);
    expect((await serverOf(home)).instanceId).toBe(server.instanceId);
  });

  it('leaves the start to the old server when that was upgraded in its place', async () => {
    await using home = openHome();
    using installed = openInstallation(OLDER);
    const { program } = installed;
    await home.run(['start'], { program });
    installed.become(NEWER);
    expect(await home.json(['start'], { program })).toMatchObject({ started: false, server: { version: NEWER } });
  });

  it('is content with the older server where it may not start any', async () => {
    await using home = openHome();
    using newer = openInstallation(NEWER);
    const { server } = (await home.json(['start'])) as { server: Server };
    const options = { program: newer.program, env: { CW_NO_AUTOSTART: '1' } };
    expect(await home.run(['task', 'list'], options)).toMatchObject({ code: 0 });
    expect((await serverOf(home)).instanceId).toBe(server.instanceId);
  });
});

describe('a start while the server drains', () => {
  it.each([1, 2, 3, 4, 5])('waits for its end and is served: %i', async () => {
    await using home = openHome();
    await home.run(['start']);
    const [stopped, ...ran] = await Promise.all([
      home.run(['stop']),
      ...Array.from({ length: 3 }, () => home.run([...SHELL, 'true'])),
    ]);
    expect(stopped).toMatchObject({ code: 0 });
    for (const one of ran) expect(one).toMatchObject({ code: 0, stdout: expect.stringMatching(/^task_/) as string });
    expect((await home.json(['task', 'list'])) as { items: unknown[] }).toMatchObject({ items: { length: 3 } });
  });
});

describe('a server that crashes at every start', () => {
  it('is started five times in ten seconds and no more, and its log says why', async () => {
    await using home = openHome();
    using broken = openInstallation(NEWER);
    const { program } = broken;
    const marks = join(home.workspace, 'starts');
    writeFileSync(
      broken.main,
      `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(marks)}, 'x');\nthrow new Error("Boom.");\n`,
    );
    const runs = await Promise.all(Array.from({ length: 8 }, () => home.run(['start'], { program })));
    for (const { code, stdout, stderr } of runs) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('Boom.');
    }
    const loops = runs.filter(({ stderr }) =>
      /^The server for .* crashed 5 times within 10 ?s and is not/.test(stderr),
    );
    expect(loops).toHaveLength(3);
    expect(readFileSync(marks, 'utf8')).toBe('xxxxx');
    expect(existsSync(join(home.path, 'crashes.json'))).toBe(true);
  });
});

function openGate({ workspace }: CliHome): void {
  writeFileSync(join(workspace, 'gate'), '');
}

async function serverOf(home: CliHome): Promise<Server> {
  return ((await home.json(['status'])) as { server: Server }).server;
}

/** All that a `cw watch --json` printed, once this is in it. */
async function eventsUntil(watching: Running, text: string | RegExp): Promise<Event[]> {
  const printed = await watching.sees(text);
  watching.process.kill('SIGINT');
  const lines = printed.slice(0, printed.lastIndexOf('\n')).split('\n');
  return lines.map((line) => Event.parse(JSON.parse(line)));
}
