import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Event } from '../../src/domain/event/event.js';
import { type CliHome, openHome } from '../support/cli.js';

/** Runs until the file `gate` is there. */
const GATED = 'echo begun; until [ -e gate ]; do sleep 0.02; done; echo finished';
const SHELL = ['spawn', '--agent', 'shell'];

describe('waiting for a task', () => {
  it('goes on over a restart of the server, and loses no output', async () => {
    await using home = openHome();
    const waiting = home.start([...SHELL, '--wait', '--follow', GATED]);
    const types = ['enqueued', 'started', 'interrupted', 'completed'].flatMap((type) => ['--type', `task.${type}`]);
    const watching = home.start(['watch', '--from', '0', ...types, '--json']);
    await waiting.sees('begun');
    await watching.sees('task.started');

    expect(await home.run(['stop'])).toMatchObject({ code: 0 });
    expect(await home.run(['start'])).toMatchObject({ code: 0 });
    openGate(home);
    const ended = await waiting.ended;
    expect(ended).toMatchObject({ code: 0, stdout: 'begun\nbegun\nfinished\n' });

    const lines = (await watching.sees('task.completed')).trimEnd().split('\n');
    watching.process.kill('SIGINT');
    expect(lines.map((line) => Event.parse(JSON.parse(line)).type)).toEqual([
      'task.enqueued',
      'task.started',
      'task.interrupted',
      'task.started',
      'task.completed',
    ]);
  });

  it('ends at Ctrl-C with 130, says how to go on, and leaves the task alone', async () => {
    await using home = openHome();
    const waiting = home.start([...SHELL, '--follow', GATED]);
    await waiting.sees('begun');
    waiting.process.kill('SIGINT');
    const { code, stderr } = await waiting.ended;
    expect(code).toBe(130);
    const [, id = ''] =
      /^(task_\w{11}) goes on\. See it with: cw task show \1 · end it with: cw task cancel \1\n$/.exec(stderr) ?? [];

    const following = home.start(['task', 'logs', '-f', id]);
    await following.sees('begun');
    openGate(home);
    expect(await following.ended).toMatchObject({ code: 0, stdout: 'begun\nfinished\n' });
    expect(await home.json(['task', 'show', id])).toMatchObject({ status: 'completed', attempts: 1 });
  });

  it('ends with 1 when the task is cancelled, and its processes are gone', async () => {
    await using home = openHome();
    const waiting = home.start([...SHELL, '--follow', '--json', GATED]);
    const { taskId } = JSON.parse(await waiting.sees('begun')) as { taskId: string };
    expect(await home.run(['task', 'cancel', taskId, '--reason', 'No need.'])).toMatchObject({
      code: 0,
      stdout: `${taskId} is cancelled.\n`,
    });
    expect(await waiting.ended).toMatchObject({ code: 1, stderr: `${taskId} was cancelled: No need.\n` });
    expect(await home.json(['task', 'show', taskId])).toMatchObject({ status: 'cancelled' });
  });

  it('ends without a word, and not as done, when nobody reads any more', async () => {
    await using home = openHome();
    const waiting = home.start([...SHELL, '--follow', 'yes']);
    await waiting.sees('y');
    waiting.process.stdout?.destroy();
    expect(await waiting.ended).toMatchObject({ code: 130, stderr: '' });

    const list = home.start(['task', 'list']);
    list.process.stdout?.destroy();
    expect(await list.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('an agent that is stopped', () => {
  it('gives a receipt, and its task runs again', async () => {
    await using home = openHome();
    const waiting = home.start([...SHELL, '--wait', '--follow', GATED]);
    await waiting.sees('begun');
    const [agent] = ((await home.json(['agent', 'list', '--live'])) as { items: { id: string; status: string }[] })
      .items;
    expect(agent).toMatchObject({ status: 'busy' });

    const receipt = (await home.json(['agent', 'stop', agent?.id ?? ''])) as { ended: number; left: number };
    expect(receipt.left).toBe(0);
    expect(receipt.ended).toBeGreaterThan(0);
    openGate(home);
    expect(await waiting.ended).toMatchObject({ code: 0 });
    expect(await home.run(['agent', 'stop', agent?.id ?? ''])).toMatchObject({ code: 3, stdout: '' });
  });
});

describe('a queue that is drained', () => {
  it('waits until nothing runs, and stays paused until it is resumed', async () => {
    await using home = openHome();
    const running = home.start([...SHELL, '--follow', GATED]);
    await running.sees('begun');
    const draining = home.start(['queue', 'drain', '--json']);
    const watching = home.start(['watch', '--from', '0']);
    await watching.sees('queue.paused');
    const waiting = home.start([...SHELL, '--wait', 'echo later']);
    await watching.sees(/task\.enqueued[^]*task\.enqueued/);
    watching.process.kill('SIGINT');

    openGate(home);
    const drained = await draining.ended;
    expect(drained).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(drained.stdout)).toMatchObject({ paused: true, processing: 0, pending: 1 });
    expect(await running.ended).toMatchObject({ code: 0 });

    expect((await home.run(['queue', 'resume'])).stdout).toBe('The queue runs.\n');
    expect(await waiting.ended).toMatchObject({ code: 0, stdout: 'later\n' });
    expect(await home.json(['queue', 'pause'])).toEqual({ paused: true });
    expect((await home.run(['status'])).stdout).toContain('queue     paused');
    const stats = (await home.run(['queue', 'stats'])).stdout;
    expect(stats).toMatch(/^queue +paused: 0 waiting\n +0 running, 0 scheduled, 0 blocked\nkept +2 completed/);
    expect(stats).toMatch(
      /\nfinished +2 completed \(0\.0 a minute\), 0 failed \(0\.0 a minute\)\nwaited +p50 .*\nran +p50 /,
    );
  });
});

function openGate({ workspace }: CliHome): void {
  writeFileSync(join(workspace, 'gate'), '');
}
