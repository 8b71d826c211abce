import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedProgram } from '../support/agents/scripted-program.js';
import { type CliHome, openHome } from '../support/cli.js';
import { REAL_AGENTS, type RealAgent, requireAgent } from '../support/real/real-agents.js';

/** Real agents start slowly on a machine that may be busy: some take 25 s. In milliseconds. */
const TIME_LIMIT_MS = 240_000;

/** Longer than the probe's own limit, so that the test says what the probe says. In milliseconds. */
const PROBE_LIMIT_MS = 120_000;

interface Report {
  readonly ok: boolean;
  readonly probes: readonly { readonly profile: string; readonly outcome: string; readonly version: string }[];
}

/** A user with an empty home who has a program called `claude`, which is scripted. */
async function openMachine(home: CliHome) {
  const [user, bin] = [join(dirname(home.path), 'user'), join(dirname(home.path), 'bin')];
  for (const directory of [user, bin]) mkdirSync(directory);
  const scripted = await scriptedProgram('claude-with-model', bin);
  const env = { HOME: user, PATH: `${bin}:/usr/bin:/bin` };
  return {
    user,
    /** Installs another version. */
    install(habits: object) {
      const words = [process.execPath, scripted, '--habits', JSON.stringify(habits)];
      const program = `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`;
      writeFileSync(join(bin, 'claude'), program);
      chmodSync(join(bin, 'claude'), 0o755);
    },
    cw: (...args: string[]) => home.run(args, { env }),
  };
}

describe('cw doctor --probe', () => {
  it('lets an agent take a turn with a scripted model, and sees that a new version has changed', async () => {
    await using home = openHome();
    const machine = await openMachine(home);
    machine.install({});
    const first = await machine.cw('doctor', '--probe', 'claude');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^ok +probe claude +Version 9\.9\.9\. It speaks as was recorded with version [\d.]+\./m,
    );
    expect(readdirSync(machine.user)).toEqual([]);

    machine.install({ changed: true });
    const second = await machine.cw('doctor', '--probe', '--json');
    expect(second.code).toBe(1);
    const report = JSON.parse(second.stdout) as Report;
    expect(report.ok).toBe(false);
    expect(report.probes).toMatchObject([
      { profile: 'claude', outcome: 'changed', version: '9.9.9' },
      { profile: 'shell', outcome: 'not_run' },
    ]);
    expect((await machine.cw('doctor')).code).toBe(0);
    expect(await machine.cw('doctor', '--probe', 'nobody')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no agent profile "nobody"') as string,
    });
  });
});

describe('cw agent profiles --check', () => {
  it('says whether each agent answers, and its version', async () => {
    await using home = openHome();
    const machine = await openMachine(home);
    machine.install({});
    const listed = await machine.cw('agent', 'profiles', '--check');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(/^claude +claude +9\.9\.9 .+ answers$/m);
    expect(listed.stdout).toMatch(/^shell +shell +- .+ ready$/m);

    machine.install({ broken: true });
    const broken = await machine.cw('agent', 'profiles', '--check', '--json');
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject([
      {
        name: 'claude',
        check: { outcome: 'fails', message: expect.stringContaining('its heart is broken') as string },
      },
      { name: 'shell', check: { outcome: 'found' } },
    ]);
  });
});

describe.each(Object.keys(REAL_AGENTS) as RealAgent[])('the real %s', { timeout: TIME_LIMIT_MS }, (agent) => {
  it('is known by its version, and speaks as was recorded', async (context) => {
    const program = requireAgent(agent, context);
    await using home = openHome();
    const user = join(dirname(home.path), 'user');
    mkdirSync(user);
    const env = { HOME: user, PATH: `${dirname(program)}:${process.env['PATH'] ?? ''}` };
    const profiles = (await home.json(['agent', 'profiles'], { env })) as { name: string; version: string | null }[];
    const { version } = REAL_AGENTS[agent];
    expect(profiles.find(({ name }) => name === agent)?.version).toBe(version);
    const options = { env, timeLimitMs: PROBE_LIMIT_MS };
    const probed = (await home.json(['doctor', '--probe', agent], options)) as Report;
    expect(probed.probes).toMatchObject([
      { profile: agent, outcome: 'ok', version, recorded: version, differences: [] },
    ]);
    expect(readdirSync(user)).toEqual([]);
  });
});
