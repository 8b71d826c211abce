import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Agent } from '../../src/domain/agent/agent.js';
import type { Attempt } from '../../src/domain/task/attempt.js';
import type { Task } from '../../src/domain/task/task.js';
import { SystemStatus } from '../../src/interfaces/trpc/server-status.js';
import { isAlive } from '../support/agents/bystander.js';
import { openHome } from '../support/cli.js';

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
  const { server } = SystemStatus.parse(await home.json(['status']));
  process.kill(server.pid, 'SIGKILL');
  await expect.poll(() => isAlive(server.pid)).toBe(false);
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
