import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agent/agent.js';
import type { Attempt } from '../../src/domain/task/attempt.js';
import type { Task } from '../../src/domain/task/task.js';
import { SystemStatus } from '../../src/interfaces/trpc/server-status.js';
import { isAlive } from '../support/agents/bystander.js';
import { contentOf } from '../support/agents/content-of.js';
import { type CliHome, openHome, processesWith } from '../support/cli.js';

const ACP_AGENT = fileURLToPath(new URL('../support/agents/scripted/acp-agent.mjs', import.meta.url));

it('leaves an agent of a server that was killed at its work, and goes on with the task when one comes back', async () => {
  await using home = openHome();
  const go = join(home.workspace, 'go');
  const script = {
    turns: [
      [
        { op: 'say', text: 'one\n' },
        { op: 'until', text: go },
        { op: 'say', text: 'two\n' },
      ],
    ],
  };
  mkdirSync(home.path, { mode: 0o700 });
  const scripted = { protocol: 'acp', command: process.execPath, args: [ACP_AGENT, JSON.stringify(script)] };
  writeFileSync(join(home.path, 'config.json'), JSON.stringify({ agents: { scripted } }), { mode: 0o600 });

  const task = (await home.json(['spawn', '--agent', 'scripted', '--workspace', home.workspace, 'Go.'])) as Task;
  const logs = home.start(['task', 'logs', '-f', task.id]);
  await logs.sees('one');
  logs.process.kill();
  await logs.ended;
  const [agent] = ((await home.json(['agent', 'list', '--live'])) as { items: Agent[] }).items;
  await killServer(home);
  expect((await home.run(['start'])).code).toBe(0);

  const [same] = ((await home.json(['agent', 'list', '--live'])) as { items: Agent[] }).items;
  expect(same).toMatchObject({ id: agent?.id, runId: agent?.runId, status: 'busy' });
  expect(same?.owner).not.toBe(agent?.owner);
  writeFileSync(go, '');
  const ended = home.start(['task', 'logs', '-f', task.id]);
  expect(await ended.ended).toMatchObject({ code: 0, stdout: 'one\ntwo\n' });
  const shown = (await home.json(['task', 'show', task.id])) as Task & { history: Attempt[] };
  expect(shown).toMatchObject({ status: 'completed', attempts: 1, result: { text: 'one\ntwo\n' } });
  expect(shown.history).toMatchObject([{ epoch: 1, outcome: 'completed' }]);

  // What it wrote for the server alone goes with it.
  const written = () => readdirSync(join(home.path, 'agents'));
  expect(written()).toEqual([same?.id]);
  expect((await home.run(['agent', 'stop', same?.id ?? ''])).code).toBe(0);
  expect(written()).toEqual([]);
});

it('goes on with a command line of a server that was killed: every line once, one attempt, nothing left', async () => {
  await using home = openHome();
  const [begun, gone] = [join(home.workspace, 'begun'), join(home.workspace, 'gone')];
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => `line ${String(from + n)}\n`);
  // Writes on while no server is there, and goes on when the next one has taken it over.
  const script = [
    'n=0; more() { until [ $n -ge $1 ]; do n=$((n + 1)); echo line $n; done; }',
    `more 20; echo $$ > ${begun}`,
    `until [ -e ${gone} ]; do sleep 0.01; done; more 40; echo $$ > ${gone}.heard`,
    `until [ -e ${gone}.over ]; do sleep 0.01; done; more 60; sleep 1000 & exit 0`,
  ].join('\n');
  const task = (await home.json(['spawn', '--agent', 'shell', '--workspace', home.workspace, script])) as Task;
  const pid = await contentOf(begun);
  await killServer(home);
  writeFileSync(gone, '');
  expect(await contentOf(`${gone}.heard`)).toBe(pid);
  expect((await home.run(['start'])).code).toBe(0);

  expect(await home.json(['task', 'show', task.id])).toMatchObject({ status: 'processing', attempts: 1 });
  writeFileSync(`${gone}.over`, '');
  const ended = home.start(['task', 'logs', '-f', task.id]);
  const text = lines(1, 60).join('');
  expect(await ended.ended).toMatchObject({ code: 0, stdout: text });
  const shown = (await home.json(['task', 'show', task.id])) as Task & { history: Attempt[] };
  expect(shown).toMatchObject({ status: 'completed', attempts: 1, result: { text, exitCode: 0, truncated: false } });
  expect(shown.history).toMatchObject([{ epoch: 1, outcome: 'completed' }]);

  // The agent is as good as any for the next one, and what the command line left running is gone.
  const next = ['spawn', '--agent', 'shell', '--workspace', home.workspace, '--wait', 'echo next'];
  expect(await home.json(next)).toMatchObject({ status: 'completed', result: { text: 'next\n' } });
  const { items } = (await home.json(['agent', 'list', '--live'])) as { items: Agent[] };
  expect(items).toHaveLength(1);
  expect(processesWith(`CW_RUN_ID=${items[0]?.runId ?? ''}`)).toEqual([]);
});

it('keeps the result of a command line that ended, and the cancelling of one that goes on, while no server was there', async () => {
  await using home = openHome();
  const gone = join(home.workspace, 'gone');
  const spawn = (script: string) =>
    home.json([
      'spawn',
      '--agent',
      'shell',
      '--max-attempts',
      '1',
      '--workspace',
      home.workspace,
      script,
    ]) as Promise<Task>;
  const until = `until [ -e ${gone} ]; do sleep 0.01; done`;
  const ending = await spawn(`echo $$ > ${gone}.ending; ${until}; echo ended alone; exit 3`);
  const staying = await spawn(`echo $$ > ${gone}.staying; sleep 1000`);
  const [pid, stayed] = await Promise.all([contentOf(`${gone}.ending`), contentOf(`${gone}.staying`)]);
  await killServer(home);
  writeFileSync(gone, '');
  await expect.poll(() => isAlive(Number(pid))).toBe(false);
  expect(isAlive(Number(stayed))).toBe(true);
  expect((await home.run(['start'])).code).toBe(0);

  expect((await home.run(['task', 'logs', '-f', ending.id])).stdout).toBe('ended alone\n');
  const ended = (await home.json(['task', 'show', ending.id])) as Task & { history: Attempt[] };
  const message = 'Exited with code 3. Last line of its output: ended alone';
  expect(ended).toMatchObject({ attempts: 1, history: [{ epoch: 1, error: { code: 'failed', message } }] });
  expect((await home.run(['task', 'cancel', staying.id])).code).toBe(0);
  await expect.poll(() => isAlive(Number(stayed))).toBe(false);
});

async function killServer(home: CliHome): Promise<void> {
  const { server } = SystemStatus.parse(await home.json(['status']));
  process.kill(server.pid, 'SIGKILL');
  await expect.poll(() => isAlive(server.pid)).toBe(false);
}
