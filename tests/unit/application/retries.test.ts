import { describe, expect, it } from 'vitest';
import { MAX_INTERRUPTIONS } from '../../../src/application/task/interrupt-task.js';
import { openApplication } from '../../support/application.js';

/** Claims what is ready for agents that are always there. */
function claimAll({ app, needs }: ReturnType<typeof openApplication>) {
  let free = 10;
  return app.claimTasks(
    {
      free: () => free,
      fullWorkspaces: () => [],
      groups: () => [],
      reserve: () => {
        free -= 1;
        return needs.newId('agent');
      },
      cancel: () => undefined,
    },
    'server-1',
  );
}

const NOTHING_LEFT = { ended: 0, left: 0 };

describe('a failed attempt', () => {
  it("is tried again by the task's rules, then the server's", async () => {
    const retry = { on: { timeout: 'never' }, backoff: { kind: 'fixed', delayMs: 7_000 } } as const;
    await using opened = openApplication({ tasks: { retry } });
    const { app, enqueue, time } = opened;
    const own = await enqueue('own', { retry: { backoff: { kind: 'list', delaysMs: [2_000, 5_000] } } });
    const servers = await enqueue('servers');
    await claimAll(opened);
    const begin = time.clock();
    const failure = { code: 'failed', message: 'No.' } as const;
    expect(await app.failTask(own.id, 1, failure, 1)).toMatchObject({ status: 'scheduled', runAt: begin + 2_000 });
    expect(await app.failTask(servers.id, 1, failure, 1)).toMatchObject({ status: 'scheduled', runAt: begin + 7_000 });
  });

  it('is tried again when its agent says, never more often than it may be', async () => {
    await using opened = openApplication({ tasks: { maxAttempts: 2 } });
    const { start, enqueue, runtime, time, until, app } = opened;
    start();
    const { id } = await enqueue('busy', { retry: { on: { failed: 'never' } } });
    const error = { code: 'failed', message: 'Come back later.' } as const;
    const end = { outcome: 'failed', error, exitCode: 75, receipt: NOTHING_LEFT, retry: { afterMs: 30_000 } } as const;
    (await runtime.nextTurn()).end(end);
    expect(await until(id, 'scheduled')).toMatchObject({ runAt: time.clock() + 30_000, attempts: 1 });
    time.advance(30_000);
    (await runtime.nextTurn()).end(end);
    await until(id, 'failed');
    expect((await app.getResult({ taskId: id })).attempts).toHaveLength(2);
  });

  it('is the last one when its agent says so', async () => {
    await using opened = openApplication();
    const { start, enqueue, runtime, until } = opened;
    start();
    const { id } = await enqueue('hopeless');
    const error = { code: 'failed', message: 'No such account.' } as const;
    (await runtime.nextTurn()).end({ outcome: 'failed', error, exitCode: 64, receipt: NOTHING_LEFT, retry: 'never' });
    expect(await until(id, 'failed')).toMatchObject({ attempts: 1, error });
  });
});

describe('an interrupted attempt', () => {
  it('counts as crashed after many others in a row, and so do those that follow', async () => {
    await using opened = openApplication({ tasks: { maxAttempts: 2 } });
    const { app, enqueue, until, start, time } = opened;
    const { id } = await enqueue('deadly');
    const dependent = await enqueue('after it', { after: [id] });
    const interruptNext = async (epoch: number) => {
      await claimAll(opened);
      return app.interruptTask(id, epoch, 'The server that ran it is gone.');
    };
    for (let epoch = 1; epoch <= MAX_INTERRUPTIONS; epoch += 1) {
      expect(await interruptNext(epoch)).toMatchObject({ status: 'pending', attempts: 0 });
    }
    const counted = await interruptNext(MAX_INTERRUPTIONS + 1);
    expect(counted).toMatchObject({ status: 'scheduled', attempts: 1, error: { code: 'crashed' } });
    time.advance(1_000);
    await app.releaseDueTasks();
    expect(await interruptNext(MAX_INTERRUPTIONS + 2)).toMatchObject({
      status: 'failed',
      attempts: 2,
      error: {
        code: 'crashed',
        message: 'More than 20 attempts in a row were interrupted, so this one counts: The server that ran it is gone.',
      },
    });
    start();
    await until(dependent.id, 'failed');
  });

  it('begins a new row after an attempt that ended otherwise', async () => {
    await using opened = openApplication({ tasks: { retry: { backoff: { kind: 'fixed', delayMs: 0 } } } });
    const { app, enqueue } = opened;
    const { id } = await enqueue('unlucky');
    const claim = () => claimAll(opened);
    for (let epoch = 1; epoch <= MAX_INTERRUPTIONS; epoch += 1) {
      await claim();
      await app.interruptTask(id, epoch, 'Restart.');
    }
    await claim();
    await app.failTask(id, MAX_INTERRUPTIONS + 1, { code: 'failed', message: 'No.' }, 1);
    await app.releaseDueTasks();
    await claim();
    expect(await app.interruptTask(id, MAX_INTERRUPTIONS + 2, 'Restart.')).toMatchObject({
      status: 'pending',
      attempts: 1,
    });
  });
});
