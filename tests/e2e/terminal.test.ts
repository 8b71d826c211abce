import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openHome } from '../support/cli.js';

const ESC = '\u001b';
/** What changes the title of a terminal, clears it, and turns the direction of writing. */
const HOSTILE = `a${ESC}]0;pwned\u0007b${ESC}[2Jc\u202ed\u009b1mf`;
const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
const SHELL = ['spawn', '--agent', 'shell'];
/** What a terminal acts on, but for line breaks. */
const ACTS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

describe('hostile text', () => {
  it('in prompts, output, results, events and errors does nothing to a terminal', async () => {
    await using home = openHome();
    const prompt = `printf '${HOSTILE}'; # ${HOSTILE}`;
    const spawned = await home.run([...SHELL, '--wait', '--follow', '-'], { stdin: prompt });
    expect(spawned.code).toBe(0);
    const { items } = (await home.json(['task', 'list'])) as { items: { id: string; prompt: string }[] };
    const id = items[0]?.id ?? '';
    expect(items[0]?.prompt).toBe(prompt);

    const printed = [
      spawned,
      await home.run(['task', 'list'], { env: { FORCE_COLOR: '0' } }),
      await home.run(['task', 'list', '--json']),
      await home.run(['task', 'show', id]),
      await home.run(['task', 'logs', id]),
      await home.run(['task', 'logs', id, '--json']),
      await home.run(['task', 'result', id]),
      await home.run(['session', 'list']),
      await home.run(['workspace', 'add', HOSTILE]),
      await home.run(['task', 'show', HOSTILE]),
      await home.run([HOSTILE]),
      await home.run(['config', 'get', HOSTILE]),
      await home.run(['status'], { env: { CW_PORT: HOSTILE } }),
    ];
    for (const { stdout, stderr } of printed) {
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(ACTS);
      expect(stdout + stderr).not.toBe('');
    }
    expect(spawned.stdout).toBe('a\\x1b]0;pwned\\x07b\\x1b[2Jc\\u202ed\\x9b1mf');
  });
});

describe('colours', () => {
  it('are not for pipes, unless they are asked for, and NO_COLOR wins', async () => {
    await using home = openHome();
    await home.run([...SHELL, '--wait', 'true']);
    const list = async (env: Record<string, string>) => (await home.run(['task', 'list'], { env })).stdout;
    expect(await list({})).not.toContain(ESC);
    expect(await list({ CI: 'true' })).not.toContain(ESC);
    expect(await list({ FORCE_COLOR: '1' })).toContain(`${ESC}[32mcompleted`);
    expect(await list({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain(ESC);
  });
});

describe('on a terminal', () => {
  const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

  it("shows colours of a task's output and escapes the rest, fits the width and shows progress", async (test) => {
    if (!hasScript) test.skip('needs `script` of util-linux, which makes a terminal');
    await using home = openHome();
    const onTerminal = (args: string, env: Record<string, string> = {}) =>
      spawnSync('script', ['-qec', `stty cols 80; ${process.execPath} ${CW} ${args}`, '/dev/null'], {
        cwd: home.workspace,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', CW_HOME: home.path, CW_PORT: '0', TERM: 'xterm', ...env },
      });
    const red = `"printf '\\\\033[31mred\\\\033[2J'"`;
    expect(onTerminal(`spawn --agent shell --follow ${red}`).stdout).toContain(`${ESC}[31mred\\x1b[2J${ESC}[0m\r\n`);
    expect(onTerminal(`spawn --agent shell --follow ${red}`, { NO_COLOR: '1' }).stdout).toContain(
      '\\x1b[31mred\\x1b[2J\r\n',
    );

    const waited = onTerminal('spawn --agent shell --wait "sleep 0.3; echo done"').stdout;
    expect(waited).toMatch(/attempt 1 of 3 runs/);
    expect(waited).toContain(`\r${ESC}[2Kdone`);
    expect(onTerminal('spawn --agent shell --wait "sleep 0.3"', { CI: '1' }).stdout).not.toContain('attempt 1');

    const table = onTerminal('task list', { NO_COLOR: '1' }).stdout.trimEnd().split('\r\n');
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
