import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { AccountLimit } from '../../src/application/limit/list-limits.js';
import type { Task } from '../../src/domain/task/task.js';
import { openHome } from '../support/cli.js';

const ACP_AGENT = fileURLToPath(new URL('../support/agents/scripted/acp-agent.mjs', import.meta.url));

function scripted(...turns: readonly object[]) {
  return { protocol: 'acp', command: process.execPath, args: [ACP_AGENT, JSON.stringify({ turns })] };
}

it('keeps the tasks of an account at its limit waiting over a restart, says why, lets a fallback in, and is opened by hand', async () => {
  await using home = openHome();
  mkdirSync(home.path, { mode: 0o700 });
  const limit = { op: 'fail', code: 429, text: 'usage limit reached, try again in 1 h' };
  const done = [{ op: 'say', text: 'done' }];
  const agents = {
    // Each of its processes meets the limit at its first prompt.
    eager: { ...scripted([limit], done, done), account: 'plan' },
    second: { ...scripted(done), account: 'plan' },
    mate: scripted([{ op: 'say', text: 'by the mate' }]),
  };
  writeFileSync(join(home.path, 'config.json'), JSON.stringify({ pool: { max: 1 }, agents }), { mode: 0o600 });
  const spawn = async (agent: string, ...more: string[]) =>
    (await home.json(['spawn', '--agent', agent, '--workspace', home.workspace, ...more, 'Go.'])) as Task;
  const show = async ({ id }: Task) =>
    (await home.json(['task', 'show', id])) as Task & { limit: AccountLimit | null; history: unknown[] };
  const limits = async () => ((await home.json(['status'])) as { limits: AccountLimit[] }).limits;

  const first = await spawn('eager');
  await expect.poll(async () => (await show(first)).status, { timeout: 10_000 }).toBe('scheduled');
  const waiting = await spawn('eager');
  const closed = { account: 'plan', profiles: ['eager', 'second'], state: 'closed', kind: 'usage' };
  expect(await limits()).toMatchObject([closed]);

  expect((await home.run(['restart'])).code).toBe(0);
  const [kept] = await limits();
  expect(kept).toMatchObject(closed);
  expect((kept?.until ?? 0) - Date.now()).toBeGreaterThan(59 * 60_000);
  expect(await show(first)).toMatchObject({ status: 'scheduled', attempts: 0, limit: { account: 'plan' } });
  expect(await show(waiting)).toMatchObject({
    status: 'pending',
    attempts: 0,
    history: [],
    limit: { account: 'plan' },
  });
  const shown = (await home.run(['task', 'show', waiting.id])).stdout.replaceAll(/\s+/g, ' ');
  expect(shown).toMatch(/waits for the account plan, closed until .* its usage limit was reached/);
  expect((await home.run(['status'])).stdout).toContain('limit     plan is closed until');
  const list = await home.run(['task', 'list']);
  expect(list.stdout).toContain('limit in');
  expect(list.stderr).toContain('cw agent reopen plan');

  const helped = await home.run([
    'spawn',
    '--agent',
    'eager',
    '--fallback',
    'mate',
    '--workspace',
    home.workspace,
    '--wait',
    'Go.',
  ]);
  expect(helped).toMatchObject({ code: 0, stdout: 'by the mate\n' });
  const refused = await home.run(['spawn', '--agent', 'eager', '--fallback', 'second', 'Go.']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain('second cannot be the fallback of eager: it has the account of eager.');

  // The limit is met again by one of them, and the other goes on waiting.
  const reopened = { code: 0, stdout: 'The account plan is open again.\n' };
  expect(await home.run(['agent', 'reopen', 'second'])).toMatchObject(reopened);
  const started = async () => (await Promise.all([first, waiting].map(show))).map(({ history }) => history.length);
  await expect.poll(async () => (await limits()).length, { timeout: 10_000 }).toBe(1);
  expect((await started()).reduce((one, other) => one + other)).toBe(2);

  expect(await home.run(['agent', 'reopen', 'plan'])).toMatchObject(reopened);
  for (const task of [first, waiting]) {
    await expect.poll(() => show(task), { timeout: 10_000 }).toMatchObject({ status: 'completed', attempts: 1 });
  }
  expect(await home.run(['agent', 'reopen', 'plan'])).toMatchObject({ code: 3, stdout: '' });
});
