import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openHome } from '../support/cli.js';

const CW = fileURLToPath(new URL('../../bin/cw.js', import.meta.url));
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

interface Task {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly retry: object | null;
}

it('tells what failed and how, and retries or discards all of it once somebody has said yes', async (test) => {
  await using home = openHome();
  const exitCodes = { '64': 'never', '75': { retryAfterMs: 1 } };
  mkdirSync(home.path, { mode: 0o700 });
  writeFileSync(
    join(home.path, 'config.json'),
    JSON.stringify({ agents: { shell: { protocol: 'shell', exitCodes } } }),
  );
  const spawn = async (...args: string[]) =>
    JSON.parse((await home.run(['spawn', '--agent', 'shell', '--wait', '--json', ...args])).stdout) as Task;
  const hopeless = await spawn('--backoff', '1h', 'exit 64');
  expect(hopeless).toMatchObject({ status: 'failed', attempts: 1, retry: { backoff: { kind: 'fixed' } } });
  const busy = await spawn('--max-attempts', '2', '--backoff', '1h', 'exit 75');
  expect(busy).toMatchObject({ status: 'failed', attempts: 2 });
  expect(await spawn('--backoff', '0s', '--never-retry', 'failed', 'exit 1')).toMatchObject({ attempts: 1 });

  const all = ['--status', 'failed'];
  const unasked = await home.run(['task', 'retry', ...all]);
  expect(unasked).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Nobody can be asked here whether to retry so much; say --yes.') as string,
  });
  expect(await home.run(['task', 'retry'])).toMatchObject({ code: 2 });
  expect(await home.run(['task', 'retry', '--agent', 'shell'])).toMatchObject({ code: 2 });
  expect(await home.json(['queue', 'pause'])).toMatchObject({ paused: true });
  expect(await home.json(['task', 'retry', ...all, '--code', 'timeout', '--yes'])).toMatchObject({ count: 0 });
  expect(await home.json(['task', 'retry', ...all, '--yes'])).toEqual({ count: 3, refused: 0, reason: null });
  const cancelled = await home.run(['task', 'cancel', '--status', 'pending', '--yes']);
  expect(cancelled).toMatchObject({ code: 0, stdout: 'Cancelled 3 pending tasks.\n' });

  const output = join(home.path, 'runs', `${busy.id}-1`);
  const error = { code: 'failed', message: 'Exited with code 75.' };
  expect(await home.json(['task', 'show', busy.id])).toMatchObject({
    history: [1, 2].map((epoch) => {
      const path = join(home.path, 'runs', `${busy.id}-${String(epoch)}`, 'output.log');
      return { epoch, outcome: 'failed', exitCode: 75, error, output: path };
    }),
  });
  const shown = (await home.run(['task', 'show', busy.id])).stdout;
  expect(shown).toMatch(/ 2 +failed +agent_\w+ .* 75 +failed +Exited with code 75\./);
  expect(shown).toContain(`output of 1: ${join(output, 'output.log')}\n`);
  expect(existsSync(output)).toBe(true);
  expect(await home.run(['task', 'discard', busy.id])).toMatchObject({ code: 0, stdout: `${busy.id} is gone.\n` });
  expect(existsSync(output)).toBe(false);
  expect((await home.run(['task', 'show', busy.id])).code).toBe(3);

  if (!hasScript) test.skip('needs `script` of util-linux, which makes a terminal');
  const discard = (answer: string) =>
    spawnSync('script', ['-qec', `${process.execPath} ${CW} task discard --status cancelled`, '/dev/null'], {
      cwd: home.workspace,
      encoding: 'utf8',
      input: `${answer}\n`,
      env: { PATH: process.env['PATH'] ?? '', CW_HOME: home.path, CW_PORT: '0', TERM: 'dumb' },
    });
  const refused = discard('n');
  expect(refused.stdout).toContain('Discard 2 cancelled tasks? [y/N]');
  expect(refused.stdout).toContain('Nothing was changed.');
  expect(refused.status).toBe(1);
  expect(discard('y')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Discarded 2 cancelled tasks.') as string,
  });
  expect(await home.json(['task', 'list'])).toMatchObject({ items: [] });
});
