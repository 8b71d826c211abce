import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Config } from '../../src/config.js';
import { openHome } from '../support/cli.js';

describe('the configuration', () => {
  it('is read and changed without a server, whole or not at all, and readable by its owner alone', async () => {
    await using home = openHome();
    const file = join(home.path, 'config.json');
    expect(await home.run(['config', 'path'])).toMatchObject({ code: 0, stdout: `${file}\n` });
    expect(await home.json(['config', 'path'])).toBe(file);
    expect(Config.parse(await home.json(['config', 'list']))).toMatchObject({ pool: { max: 2 } });
    expect((await home.run(['config', 'list'])).stdout).toMatch(/^KEY +VALUE +FROM\n(.*\n)*pool\.max +2 +default\n/);
    expect((await home.run(['config', 'get', 'pool.max'])).stdout).toBe('2\n');

    expect(await home.run(['config', 'set', 'pool.max', '4'])).toMatchObject({
      code: 0,
      stdout: 'pool.max is 4. A running server reads it at its next start.\n',
    });
    expect(await home.run(['config', 'set', 'defaultAgent', 'shell'])).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pool: { max: 4 }, defaultAgent: 'shell' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.path).filter((name) => name.startsWith('config'))).toEqual(['config.json']);
    expect((await home.run(['config', 'get', 'defaultAgent'])).stdout).toBe('shell\n');
    expect((await home.run(['config', 'list'])).stdout).toMatch(/pool\.max +4 +file\n/);

    const before = readFileSync(file, 'utf8');
    expect(await home.run(['config', 'set', 'pool.max', '0'])).toMatchObject({ code: 2 });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('makes an agent of a command, which the next server runs', async () => {
    await using home = openHome();
    const profile = JSON.stringify({ protocol: 'command', command: 'echo', args: ['said: {prompt}'] });
    expect(await home.run(['config', 'set', 'agents.parrot', profile])).toMatchObject({ code: 0 });
    expect(await home.run(['config', 'set', 'defaultAgent', 'parrot'])).toMatchObject({ code: 0 });
    expect(await home.run(['spawn', '--wait', 'hello', 'there'])).toMatchObject({
      code: 0,
      stdout: 'said: hello there\n',
    });
  });
});

describe('the doctor', () => {
  it('finds nothing wrong with a fresh home, nor with a running server', async () => {
    await using home = openHome();
    expect(await home.json(['doctor'])).toMatchObject({ ok: true });
    await home.run(['start']);
    const report = (await home.json(['doctor'])) as { checks: { name: string; status: string }[] };
    expect(report.checks.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(report.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'node',
        'home',
        'socket',
        'disk',
        'config',
        'server',
        'port',
        'database',
        'git',
        'agent shell',
      ]),
    );
    expect((await home.run(['doctor'])).stdout).toMatch(/^ok +node +Node /);
  });

  it('says what is wrong and what to do, and exits with 1', async () => {
    await using home = openHome();
    mkdirSync(home.path, { mode: 0o755 });
    const agents = { ghost: { protocol: 'command', command: 'no-such-program-anywhere' } };
    writeFileSync(join(home.path, 'config.json'), JSON.stringify({ agents }));
    const { code, stdout } = await home.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toContain(`Other users may enter ${home.path}.\n`);
    expect(stdout).toContain(`→ Run: chmod 700 ${home.path}\n`);
    expect(stdout).toMatch(/FAIL +agent ghost +no-such-program-anywhere is not in PATH/);

    writeFileSync(join(home.path, 'config.json'), '{');
    const report = await home.run(['doctor', '--json']);
    expect(report).toMatchObject({ code: 1, stderr: '' });
    const found = JSON.parse(report.stdout) as { ok: boolean; checks: { name: string; status: string }[] };
    expect(found.ok).toBe(false);
    expect(found.checks.find(({ name }) => name === 'config')).toMatchObject({ status: 'fail' });
  });
});

describe('help', () => {
  it('is complete: every command says what it does and gives an example', async () => {
    await using home = openHome();
    const groups = ['task', 'queue', 'agent', 'session', 'memory', 'workspace', 'schedule', 'config'];
    const commands = async (words: string[]) => {
      const { stdout } = await home.run([...words, '--help']);
      const [, list = ''] = /\nCommands:\n([^]*?)(?:\n\n|$)/.exec(stdout) ?? [];
      return [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => [...words, name]);
    };
    const all = [...(await commands([])), ...(await Promise.all(groups.map((group) => commands([group])))).flat()];
    const leaves = all.filter((words) => words.length === 2 || !groups.includes(words[0] ?? ''));
    expect(leaves.length).toBeGreaterThan(20);
    for (const words of leaves) {
      const { code, stdout } = await home.run([...words, '--help']);
      expect(code).toBe(0);
      expect(stdout, words.join(' ')).toMatch(/\nExamples?:\n {2}\$ /);
    }
    expect((await home.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
