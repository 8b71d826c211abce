import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliHome, openHome } from '../support/cli.js';
import { openInstallation } from '../support/installation.js';

/** A user with an empty HOME, whose data directory lies where it always does, or where a variable says. */
function openUser(home: CliHome, { named = false }: { named?: boolean } = {}) {
  const place = join(dirname(home.path), 'user');
  mkdirSync(place);
  const env = named ? { HOME: place } : { HOME: place, CW_HOME: '' };
  return {
    place,
    path: (...parts: string[]) => join(place, ...parts),
    run: (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
      home.run(args, { env: { ...env, ...more } }),
    write(path: string, text: string, mode = 0o644) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), text, { mode });
    },
    read: (path: string) => readFileSync(join(place, path), 'utf8'),
    /** Every file under the user's HOME and what is in it. */
    all: () =>
      Object.fromEntries(
        readdirSync(place, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => [
            join(entry.parentPath, entry.name),
            readFileSync(join(entry.parentPath, entry.name), 'utf8'),
          ]),
      ),
  };
}

const AGENTS: Readonly<Record<string, readonly string[]>> = {
  claude: ['.claude/settings.json', '.claude.json'],
  codex: ['.codex/hooks.json', '.codex/config.toml'],
  gemini: ['.gemini/settings.json'],
  opencode: ['.config/opencode/opencode.json'],
};
const MINE = '{\n\t// mine\n\t"theme": "dark", // and dark it stays\n\t"unknown": { "b": 1, "a": [1,2] }\n}\n';

describe.each(Object.entries(AGENTS))('cw connect %s', (agent, files) => {
  it('writes to the settings of the user, the same however often, and takes exactly that away again', async () => {
    await using home = openHome();
    const user = openUser(home);
    const json = files.filter((file) => file.endsWith('.json'));
    for (const file of json) user.write(file, MINE, 0o640);
    const before = user.all();

    const dry = await user.run(['connect', agent, '--dry-run']);
    expect(dry.code).toBe(0);
    for (const file of files) expect(dry.stdout).toContain(`+++ ${user.path(file)}`);
    expect(user.all()).toEqual(before);

    expect(await user.run(['connect', agent])).toMatchObject({ code: 0 });
    const connected = user.all();
    for (const file of files) expect(user.read(file)).toContain('bin/cw.js');
    for (const file of json) {
      expect(user.read(file)).toContain('\t"theme": "dark", // and dark it stays\n\t"unknown": { "b": 1, "a": [1,2] }');
      expect(statSync(user.path(file)).mode & 0o777).toBe(0o640);
      expect(user.read(`${file}.cw-backup`)).toBe(MINE);
    }
    expect(await user.run(['connect', agent])).toMatchObject({ code: 0, stdout: `${agent} is connected already.\n` });
    expect(user.all()).toEqual(connected);

    const removed = JSON.parse((await user.run(['connect', agent, '--remove', '--json'])).stdout) as unknown;
    expect(removed).toMatchObject({ agent, connected: false, changed: true, dryRun: false });
    for (const file of json) expect(user.read(file)).toBe(MINE);
    expect(await user.run(['connect', agent, '--remove'])).toMatchObject({ stdout: `${agent} is not connected.\n` });
    expect(Object.keys(user.all()).filter((file) => /tmp|lock/.test(file.slice(user.place.length)))).toEqual([]);
  });

  it('refuses settings that it cannot read, in one sentence, and writes to none of them', async () => {
    await using home = openHome();
    const user = openUser(home);
    const last = files.at(-1) ?? '';
    user.write(last, last.endsWith('.toml') ? 'model = \n' : '{ "theme": \n');
    const before = user.all();
    for (const args of [[], ['--dry-run'], ['--remove']]) {
      const ran = await user.run(['connect', agent, ...args]);
      expect(ran).toMatchObject({ code: 78, stdout: '' });
      expect(ran.stderr).toMatch(
        /^\S+ is not valid (JSON|TOML): .+ in line \d+\. Correct it first; nothing was written\.\n$/,
      );
    }
    expect(user.all()).toEqual(before);
  });
});

describe('cw connect', () => {
  it('makes settings that nobody else can read, and names the data directory if it is not the usual one', async () => {
    await using home = openHome();
    const user = openUser(home, { named: true });
    expect(await user.run(['connect', 'claude'])).toMatchObject({ code: 0 });
    expect(statSync(user.path('.claude/settings.json')).mode & 0o777).toBe(0o600);
    const hooks = JSON.parse(user.read('.claude/settings.json')) as { hooks: Record<string, [{ hooks: [object] }]> };
    expect(hooks.hooks['PostToolUse']?.[0].hooks[0]).toMatchObject({
      type: 'command',
      command: expect.stringMatching(
        /^\S+node \S+bin\/cw\.js hook post-tool-use --source claude --home \S+home$/,
      ) as string,
    });
    expect(JSON.parse(user.read('.claude.json'))).toMatchObject({
      mcpServers: { codewalkers: { type: 'stdio', command: process.execPath, env: { CW_HOME: home.path } } },
    });
  });

  it('looks where each agent looks', async () => {
    await using home = openHome();
    const user = openUser(home);
    const env = {
      CLAUDE_CONFIG_DIR: user.path('c'),
      CODEX_HOME: user.path('x'),
      GEMINI_CLI_HOME: user.path('g'),
      XDG_CONFIG_HOME: user.path('xdg'),
    };
    user.write('xdg/opencode/opencode.jsonc', MINE);
    for (const agent of Object.keys(AGENTS)) expect(await user.run(['connect', agent], env)).toMatchObject({ code: 0 });
    const claude = ['c/settings.json', 'c/.claude.json'];
    const others = ['x/hooks.json', 'x/config.toml', 'g/.gemini/settings.json', 'xdg/opencode/opencode.jsonc'];
    for (const file of [...claude, ...others]) expect(user.read(file)).toContain('cw.js');
    expect(await user.run(['connect', 'opencode'], { OPENCODE_CONFIG: user.path('mine.json') })).toMatchObject({
      code: 0,
    });
    expect(user.read('mine.json')).toContain('cw.js');
    expect(await user.run(['connect', 'emacs'])).toMatchObject({
      code: 2,
      stderr: 'cw cannot connect "emacs"; it knows claude, codex, gemini, opencode.\n',
    });
  });

  it('writes through a link and leaves it one', async () => {
    await using home = openHome();
    const user = openUser(home);
    user.write('dotfiles/claude.json', MINE);
    mkdirSync(user.path('.claude'));
    symlinkSync('../dotfiles/claude.json', user.path('.claude/settings.json'));
    expect(await user.run(['connect', 'claude'])).toMatchObject({ code: 0 });
    expect(readlinkSync(user.path('.claude/settings.json'))).toBe('../dotfiles/claude.json');
    expect(user.read('dotfiles/claude.json')).toContain('cw.js');
  });

  it('never writes to a file that a repository tracks', async () => {
    await using home = openHome();
    const user = openUser(home);
    user.write('dotfiles/claude.json', MINE);
    mkdirSync(user.path('.claude'));
    symlinkSync('../dotfiles/claude.json', user.path('.claude/settings.json'));
    const git = (...args: string[]) => execFileSync('git', args, { cwd: user.path('dotfiles'), stdio: 'ignore' });
    git('init');
    git('add', 'claude.json');
    const ran = await user.run(['connect', 'claude']);
    expect(ran).toMatchObject({ code: 4, stdout: '' });
    expect(ran.stderr).toMatch(/^A git repository tracks \S+dotfiles\/claude\.json, .+ nothing was written\./);
    expect(user.read('dotfiles/claude.json')).toBe(MINE);
    expect(existsSync(user.path('.claude.json'))).toBe(false);
  });

  it('leaves alone what may not be written, what is no file, and what another program is changing', async () => {
    await using home = openHome();
    const user = openUser(home);
    user.write('.gemini/settings.json', MINE);
    chmodSync(user.path('.gemini/settings.json'), 0o444);
    expect(await user.run(['connect', 'gemini'])).toMatchObject({ code: 4, stdout: '' });
    expect(user.read('.gemini/settings.json')).toBe(MINE);
    chmodSync(user.path('.gemini/settings.json'), 0o644);

    mkdirSync(user.path('.gemini/settings.json.lock'));
    const ran = await user.run(['connect', 'gemini']);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^Another program is changing \S+ \(it holds \S+\.lock\); nothing was written\.\n$/);
    expect(user.read('.gemini/settings.json')).toBe(MINE);

    // Its holder has died: nobody renews it.
    utimesSync(user.path('.gemini/settings.json.lock'), 1, 1);
    expect(await user.run(['connect', 'gemini'])).toMatchObject({ code: 0 });
    expect(existsSync(user.path('.gemini/settings.json.lock'))).toBe(false);

    mkdirSync(user.path('.config/opencode/opencode.json'), { recursive: true });
    expect(await user.run(['connect', 'opencode'])).toMatchObject({ code: 78, stdout: '' });
  });

  it('comes out the same when many run at once', async () => {
    await using home = openHome();
    const user = openUser(home);
    user.write('.claude/settings.json', MINE);
    const ran = await Promise.all(Array.from({ length: 6 }, () => user.run(['connect', 'claude'])));
    expect(ran.map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => 0));
    const hooks = user.read('.claude/settings.json').match(/hook stop --source claude/g);
    expect(hooks).toHaveLength(1);
    expect(user.read('.claude/settings.json.cw-backup')).toBe(MINE);
    expect(await user.run(['connect', 'claude', '--remove'])).toMatchObject({ code: 0 });
    expect(user.read('.claude/settings.json')).toBe(MINE);
  });

  it('is looked after by the doctor, and moves to another installation when that one connects', async () => {
    await using home = openHome();
    const user = openUser(home);
    using other = openInstallation('0.0.1');
    const env = { HOME: user.place, CW_HOME: '' };
    const look = async () => (await user.run(['doctor'])).stdout;
    expect(await look()).not.toContain('connected');
    await user.run(['connect', 'claude']);
    expect(await look()).toMatch(/^ok +connected claude +claude calls this installation\.$/m);
    expect(await home.run(['connect', 'claude'], { env, program: other.program })).toMatchObject({ code: 0 });
    expect(await look()).toMatch(/^warn +connected claude .+\n +→ Run: cw connect claude$/m);
    expect(user.read('.claude/settings.json').match(/hook stop /g)).toHaveLength(1);
    await user.run(['connect', 'claude']);
    expect(await look()).toMatch(/^ok +connected claude/m);
  });
});
