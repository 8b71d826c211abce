import { expect, it } from 'vitest';
import { z } from 'zod';
import { Agent } from '../../src/domain/agent/agent.js';
import { ListedProfile } from '../../src/domain/agent/agent-profile.js';
import { Event } from '../../src/domain/event/event.js';
import { Session } from '../../src/domain/session/session.js';
import { Attempt } from '../../src/domain/task/attempt.js';
import { CompletedTask, Task } from '../../src/domain/task/task.js';
import { Workspace } from '../../src/domain/workspace/workspace.js';
import { SystemStatus } from '../../src/interfaces/trpc/server-status.js';
import { openHome } from '../support/cli.js';

const Listed = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });

it("runs the README's first task, starting the server, and shows what happened", async () => {
  await using home = openHome();
  const spawned = await home.run([
    'spawn',
    ...['--agent', 'shell', '--workspace', '.', '--wait', '--follow'],
    'printf "one\\n"; pwd; printf "last" >&2',
  ]);
  expect(spawned).toMatchObject({ code: 0, stdout: `one\n${home.workspace}\nlast` });
  expect(spawned.stderr).toMatch(/^task_\w{11} completed in [\d.]+ m?s\.\n$/);

  const [task] = Listed(CompletedTask).parse(await home.json(['task', 'list'])).items;
  if (task === undefined) throw new Error('The task is not in the list.');
  expect(task).toMatchObject({ workspace: home.workspace, agent: 'shell', result: { exitCode: 0, truncated: false } });
  expect((await home.run(['task', 'list'])).stdout).toMatch(
    new RegExp(`^ID +STATUS +AGENT +WHEN +TOOK +PROMPT\\n${task.id} +completed +shell .* printf "one\\\\n"; pwd`),
  );

  const shown = await home.run(['task', 'show', task.id]);
  expect(shown.stdout).toMatch(new RegExp(`task +${task.id}\n`));
  expect(shown.stdout).toMatch(/ATTEMPT +OUTCOME .*\n +1 +completed/);
  const document = CompletedTask.extend({ history: z.array(Attempt) }).parse(
    await home.json(['task', 'show', task.id]),
  );
  expect(document.history).toMatchObject([{ epoch: 1, outcome: 'completed', exitCode: 0 }]);

  const output = `one\n${home.workspace}\nlast`;
  expect((await home.run(['task', 'logs', task.id])).stdout).toBe(output);
  expect((await home.run(['task', 'result', task.id])).stdout).toBe(`${output}\n`);
  expect(await home.json(['task', 'result', task.id])).toMatchObject({ status: 'completed', result: { text: output } });
  expect(await home.json(['task', 'logs', task.id])).toMatchObject({
    type: 'output',
    epoch: 1,
    offset: 0,
    text: output,
  });

  const status = SystemStatus.parse(await home.json(['status']));
  expect(status).toMatchObject({ server: { state: 'ready' }, queue: { completed: 1, pending: 0, processing: 0 } });
  expect((await home.run(['status'])).stdout).toMatch(/^server +ready, version [\s\S]*1 completed/);

  const [agent] = Listed(Agent).parse(await home.json(['agent', 'list'])).items;
  expect(agent).toMatchObject({ id: task.agentId, profile: 'shell' });
  expect((await home.run(['agent', 'list', '--live'])).stdout).toContain(task.agentId);
  const profiles = z.array(ListedProfile).parse(await home.json(['agent', 'profiles']));
  expect(profiles).toContainEqual(expect.objectContaining({ name: 'shell', problem: null }));
  expect((await home.run(['agent', 'profiles'])).stdout).toMatch(/^PROFILE .*\n(.*\n)*shell +shell .*ready/);

  const [session] = Listed(Session).parse(await home.json(['session', 'list'])).items;
  expect(session).toMatchObject({ id: task.sessionId, taskId: task.id, prompts: 1 });
  expect(Session.parse(await home.json(['session', 'show', session?.id ?? '']))).toEqual(session);
  expect((await home.run(['session', 'show', session?.id ?? ''])).stdout).toContain(`task `);
  const whole = await home.json(['session', 'show', session?.id ?? '']);
  expect(whole).toMatchObject({ said: [{ number: 1, who: 'task' }], tools: [{ name: 'shell', uses: 1, failed: 0 }] });
  expect((await home.run(['session', 'show', session?.id ?? ''])).stdout).toMatch(/tool uses +1: shell 1\n/);
  expect((await home.run(['session', 'list'])).stdout).toContain(session?.id);

  const [workspace] = Listed(Workspace).parse(await home.json(['workspace', 'list'])).items;
  expect(workspace).toMatchObject({ id: task.workspaceId, path: home.workspace });

  const watch = home.start(['watch', '--from', '0', '--type', 'task.*', '--json']);
  const events = (await watch.sees('task.completed')).trimEnd().split('\n');
  watch.process.kill('SIGINT');
  expect(await watch.ended).toMatchObject({ code: 130, stderr: '' });
  expect(events.map((line) => Event.parse(JSON.parse(line)).type).filter((type) => type !== 'task.progressed')).toEqual(
    ['task.enqueued', 'task.started', 'task.completed'],
  );

  expect((await home.run(['stop'])).stdout).toMatch(/^The server has ended after [\d.]+ m?s\.\n$/);
  expect(await home.json(['status'])).toEqual({
    server: null,
    queue: null,
    limits: null,
    pool: null,
    sessions: null,
    memory: null,
    events: null,
  });
  expect(await home.run(['stop'])).toMatchObject({ code: 0, stdout: `No server runs for ${home.path}.\n` });
});

it('prints the id alone on stdout when it does not wait, and the task with --json', async () => {
  await using home = openHome();
  const spawned = await home.run(['spawn', '--agent', 'shell', 'true']);
  expect(spawned.stdout).toMatch(/^task_\w{11}\n$/);
  expect(spawned.stderr).toBe(`Follow it with: cw task logs -f ${spawned.stdout}`);

  const later = Task.parse(
    await home.json([
      'spawn',
      'echo later',
      '--agent',
      'shell',
      '--delay',
      '1h30m',
      '--priority',
      '-5',
      '--unique',
      'k',
    ]),
  );
  expect(later).toMatchObject({ status: 'scheduled', priority: -5, unique: 'k' });
  expect(later.runAt - later.createdAt).toBe(5_400_000);
  expect(await home.json(['spawn', '--agent', 'shell', '--unique', 'k', 'other'])).toMatchObject({ id: later.id });

  const after = await home.json(
    ['spawn', '--agent', 'shell', '--after', `${later.id},${later.id}`, '--timeout', '5s', '-'],
    {
      stdin: 'from stdin\n',
    },
  );
  expect(Task.parse(after)).toMatchObject({
    status: 'blocked',
    after: [later.id],
    timeoutMs: 5_000,
    prompt: 'from stdin',
  });
  expect(await home.json(['spawn', '--agent', 'shell', '--at', '2090-01-02T03:04Z', 'x'])).toMatchObject({
    runAt: Date.UTC(2090, 0, 2, 3, 4),
  });

  const words = await home.run(['spawn', '--agent', 'shell', '--wait', '--', 'printf', '%s', '-n']);
  expect(words).toMatchObject({ code: 0, stdout: '-n\n' });
});

it('waits with the result as its output, and exits with the outcome', async () => {
  await using home = openHome();
  expect(await home.run(['spawn', '--agent', 'shell', '--wait', 'echo done'])).toMatchObject({
    code: 0,
    stdout: 'done\n',
  });

  const once = ['spawn', '--agent', 'shell', '--max-attempts', '1', '--wait'];
  const failed = await home.run([...once, 'echo no; exit 3']);
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toMatch(/^task_\w{11} failed: .*3.*\.\n$/);

  const document = await home.run([...once, '--json', 'exit 3']);
  expect(document.code).toBe(1);
  expect(Task.parse(JSON.parse(document.stdout))).toMatchObject({ status: 'failed', error: { code: 'failed' } });

  const lines = (await home.run([...once, '--follow', '--json', 'echo a; exit 3'])).stdout.trimEnd().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'output', text: 'a\n' });
  expect(Task.parse(JSON.parse(lines.at(-1) ?? ''))).toMatchObject({ status: 'failed' });

  const { id } = Task.parse(JSON.parse(document.stdout));
  expect(await home.run(['task', 'result', id])).toMatchObject({ code: 1, stdout: '' });
  expect((await home.run(['task', 'show', id])).stdout).toContain(`try again: cw task retry ${id}`);
  expect(await home.json(['task', 'retry', id])).toMatchObject({ id, attempts: 0 });
});
