import { expect, it } from 'vitest';
import type { Protocol } from '../../../src/domain/agent/agent-profile.js';
import { createAgentProfiles } from '../../../src/infrastructure/agents/agent-profiles.js';

/** A machine on which these programs are installed. */
function profilesWith(programs: string[], runnable: Protocol[] = ['shell', 'command']) {
  return createAgentProfiles({
    defaultName: 'tests',
    settings: {
      tests: { protocol: 'command', command: 'npm', args: ['test'] },
      broken: { protocol: 'command', command: 'missing' },
      mine: { protocol: 'claude', command: 'claude' },
      yours: { protocol: 'codex', command: 'codex', account: 'mine' },
    },
    runnable: new Set(runnable),
    findProgram: async (command) => (programs.includes(command) ? `/bin/${command.split('/').at(-1) ?? ''}` : null),
    programVersion: async (command) => (command === 'gemini' ? '0.61.0' : null),
  });
}

const INSTALLED = ['/bin/sh', 'npm', 'gemini'];

it('gives a configured profile, and the shell without any configuration', async () => {
  const profiles = profilesWith(INSTALLED);
  expect(profiles.defaultName).toBe('tests');
  expect(await profiles.get('tests')).toEqual({ name: 'tests', protocol: 'command', command: 'npm', args: ['test'] });
  expect(await profiles.get('shell')).toEqual({ name: 'shell', protocol: 'shell' });
});

it.each(['nobody', '__proto__', 'constructor', ''])(
  'refuses the unknown name %j and says which there are',
  async (name) => {
    await expect(profilesWith(INSTALLED).get(name)).rejects.toMatchObject({
      code: 'invalid_input',
      message: `There is no agent profile "${name}"; there are broken, gemini, mine, shell, tests, yours.`,
    });
  },
);

it('shares an account among the profiles that name it', () => {
  const profiles = profilesWith(INSTALLED);
  expect(['mine', 'yours', 'tests', 'nobody'].map((name) => profiles.accountOf(name))).toEqual([
    'mine',
    'mine',
    'tests',
    'nobody',
  ]);
  expect(profiles.ofAccount('mine')).toEqual(['mine', 'yours']);
  expect(profiles.ofAccount('nobody')).toEqual([]);
});

it('refuses a profile whose program is not there and names the setting', async () => {
  await expect(profilesWith(INSTALLED).get('broken')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(
      /^The agent broken cannot run: its program "missing" .* agents\.broken\.command/,
    ) as string,
  });
});

it('refuses a profile whose protocol this version does not speak', async () => {
  await expect(profilesWith([...INSTALLED, 'claude']).get('mine')).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The agent mine cannot run: this version does not speak the protocol claude yet.',
  });
});

it('sees a program that is installed later', async () => {
  const programs = [...INSTALLED];
  const profiles = profilesWith(programs);
  await expect(profiles.get('broken')).rejects.toMatchObject({ code: 'unavailable' });
  programs.push('missing');
  expect(await profiles.get('broken')).toMatchObject({ name: 'broken' });
});

it('lists what is configured, and what is built in and found, with what keeps it from running', async () => {
  const list = await profilesWith(INSTALLED, ['shell', 'command', 'acp']).list();
  expect(list.map(({ name, version }) => [name, version])).toContainEqual(['gemini', '0.61.0']);
  expect(list.map(({ name, program, problem }) => [name, program, problem !== null])).toEqual([
    ['broken', null, true],
    ['gemini', '/bin/gemini', false],
    ['mine', null, true],
    ['shell', '/bin/sh', false],
    ['tests', '/bin/npm', false],
    ['yours', null, true],
  ]);
});

it('looks at one of them, also at one that cannot run here', async () => {
  const profiles = profilesWith(INSTALLED, ['acp']);
  expect(await profiles.look('gemini')).toMatchObject({ program: '/bin/gemini', version: '0.61.0', problem: null });
  expect(await profiles.look('mine')).toMatchObject({
    program: null,
    version: null,
    problem: expect.stringContaining('cannot run') as string,
  });
  await expect(profiles.look('nobody')).rejects.toMatchObject({ code: 'invalid_input' });
});
