import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LimitedPart, PartName } from '../../src/application/queue/list-queue-limits.js';
import type { Task } from '../../src/domain/task/task.js';
import { openHome } from '../support/cli.js';

/** Says that it has begun, and ends when the test opens the gate. */
const GATED = 'echo begun; until [ -e gate ]; do sleep 0.02; done';

it('limits, pauses and drains parts of the queue, over a restart, and says what it does', async () => {
  await using home = openHome();
  const spawn = ['spawn', '--agent', 'shell', '--group', 'deploy'];
  const set = await home.run(['queue', 'limit', 'group', 'deploy', '--exclusive', '--rate', '5/1h']);
  expect(set).toMatchObject({ code: 0, stdout: 'The group deploy: at most 5 in 1 h, one at a time, in order\n' });
  const first = home.start([...spawn, '--follow', GATED]);
  await first.sees('begun');
  const second = (await home.json([...spawn, 'echo second'])) as Task;
  expect(second).toMatchObject({ group: 'deploy' });
  const limits = async () => (await home.json(['queue', 'limits'])) as LimitedPart[];
  expect(await limits()).toMatchObject([
    {
      kind: 'group',
      name: 'deploy',
      running: 1,
      rate: { count: 5, periodMs: 3_600_000, used: 1, opensAt: null },
      exclusive: true,
      heldBy: expect.stringMatching(/^task_/) as string,
    },
  ]);
  const status = async ({ id }: Task) => ((await home.json(['task', 'show', id])) as Task).status;
  expect(await status(second)).toBe('pending');

  const draining = home.start(['queue', 'drain', '--group', 'deploy']);
  await expect.poll(async () => (await limits())[0]?.paused).toBe(true);
  writeFileSync(join(home.workspace, 'gate'), '');
  const stopped = { code: 0, stdout: 'The group deploy is paused and no task of it is running.\n' };
  expect(await draining.ended).toMatchObject(stopped);
  expect(await first.ended).toMatchObject({ code: 0 });

  expect(await home.run(['queue', 'pause', '--workspace', '.'])).toMatchObject({ code: 0 });
  expect(await home.run(['restart'])).toMatchObject({ code: 0 });
  expect((await home.run(['status'])).stdout).toContain(`paused    group deploy, workspace ${home.workspace}\n`);
  expect(((await home.json(['status'])) as { paused: PartName[] }).paused).toMatchObject([
    { kind: 'group', name: 'deploy' },
    { kind: 'workspace', name: home.workspace },
  ]);
  expect((await limits())[0]).toMatchObject({ exclusive: true, heldBy: null, rate: { used: 1 } });
  expect((await home.run(['queue', 'limits'])).stdout).toMatch(
    /^KIND +NAME .*\ngroup +deploy +paused +0 +- +5 in 1 h +1 +- +yes\n/,
  );
  expect(await status(second)).toBe('pending');

  const resumed = { code: 0, stdout: 'Resumed is the group deploy.\n' };
  expect(await home.run(['queue', 'resume', '--group', 'deploy'])).toMatchObject(resumed);
  expect(await home.run(['queue', 'resume', '--workspace', '.'])).toMatchObject({ code: 0 });
  await expect.poll(() => status(second), { timeout: 10_000 }).toBe('completed');
  const cleared = await home.run(['queue', 'limit', 'group', 'deploy', '--clear']);
  expect(cleared).toMatchObject({ code: 0, stdout: 'The group deploy: no limit\n' });
  expect(await limits()).toEqual([]);

  const refusals = [
    [['limit', 'agent', 'nobody', '--max', '1'], 'There is no agent profile "nobody"'],
    [['limit', 'agent', 'shell', '--exclusive'], 'Only a group can be exclusive'],
    [['limit', 'group', 'deploy'], 'Say what the limit is'],
    [['limit', 'group', 'deploy', '--rate', 'often'], 'write a count and a period, such as 10/1m'],
    [['limit', 'group', 'deploy', '--max', '0'], 'The most tasks at once must be a whole number from 1 to'],
    [['pause', '--agent', 'shell', '--group', 'deploy'], 'Give one of --agent, --workspace and --group.'],
  ] as const;
  for (const [args, said] of refusals) {
    const refused = await home.run(['queue', ...args]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(said);
  }
});
