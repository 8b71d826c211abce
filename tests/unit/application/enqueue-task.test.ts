import { describe, expect, it } from 'vitest';
import { EnqueueTask } from '../../../src/application/task/enqueue-task.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { openApplication } from '../../support/application.js';

describe('enqueueing', () => {
  it('fills in what the configuration says', async () => {
    await using opened = openApplication();
    expect(await opened.enqueue('plain')).toMatchObject({
      status: 'pending',
      agent: 'shell',
      priority: 0,
      maxAttempts: 3,
      timeoutMs: 3_600_000,
      after: [],
      unique: null,
      workspace: '/work',
    });
  });

  it('registers a workspace once', async () => {
    await using opened = openApplication();
    const { app, enqueue } = opened;
    const [first, second] = [await enqueue('one'), await enqueue('two')];
    expect(first.workspaceId).toBe(second.workspaceId);
    expect((await app.listWorkspaces({ limit: 10 })).items).toHaveLength(1);
    expect(await enqueue('three', { workspace: first.workspaceId })).toMatchObject({ workspace: '/work' });
  });

  it('returns the unfinished task that has the same unique key', async () => {
    await using opened = openApplication();
    const { app, enqueue } = opened;
    const first = await enqueue('one', { unique: 'nightly' });
    expect(first.existing).toBe(false);
    expect(await enqueue('two', { unique: 'nightly' })).toMatchObject({ id: first.id, prompt: 'one', existing: true });
    await app.cancelTask({ taskId: first.id });
    const second = await enqueue('three', { unique: 'nightly' });
    expect(second.id).not.toBe(first.id);
    await expect(app.retryTask({ taskId: first.id })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lets a unique key hold as long as it says: while a task waits, or for a while', async () => {
    await using opened = openApplication();
    const { app, enqueue, time, start, until } = opened;
    const waiting = { unique: 'index', uniqueScope: 'waiting' };
    const first = await enqueue('one', waiting);
    expect(await enqueue('two', waiting)).toMatchObject({ id: first.id, existing: true });
    start();
    await until(first.id, 'processing');
    const second = await enqueue('three', { ...waiting, delayMs: 1_000 });
    expect(second.existing).toBe(false);
    expect(await enqueue('four', waiting)).toMatchObject({ id: second.id, existing: true });

    const hourly = { unique: 'report', uniqueScope: { periodMs: 3_600_000 } };
    const report = await enqueue('five', { ...hourly, delayMs: 1_000 });
    await app.cancelTask({ taskId: report.id });
    expect(await enqueue('six', hourly)).toMatchObject({ id: report.id, status: 'cancelled', existing: true });
    time.advance(3_600_000);
    expect(await enqueue('seven', hourly)).toMatchObject({ existing: false });
  });

  it('takes all of many tasks, or none', async () => {
    await using opened = openApplication();
    const { app } = opened;
    const good = { prompt: 'good', workspace: '/work' };
    await expect(app.enqueueTasks({ tasks: [good, { ...good, after: ['task_00000000001'] }] })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await app.queueStats()).pending).toBe(0);
    expect(await app.enqueueTasks({ tasks: [good, good] })).toHaveLength(2);
    expect((await app.queueStats()).pending).toBe(2);
  });

  it('refuses more than may wait, and says what to do', async () => {
    await using opened = openApplication({ tasks: { maxPending: 1 } });
    await opened.enqueue('one');
    await expect(opened.enqueue('two')).rejects.toMatchObject({
      code: 'limit_exceeded',
      message: expect.stringContaining('tasks.maxPending is 1') as unknown,
    });
  });

  it('refuses to come after a task that will never complete', async () => {
    await using opened = openApplication();
    const { app, enqueue } = opened;
    const { id } = await enqueue('gone');
    await app.cancelTask({ taskId: id });
    await expect(enqueue('after', { after: [id] })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('says in one sentence how many tasks one may come after', () => {
    const after = Array.from({ length: 10_001 }, (_, n) => encodeId('task', n + 1));
    const { error } = EnqueueTask.safeParse({ prompt: 'x', workspace: '/work', after });
    expect(error?.issues).toMatchObject([
      { path: ['after'], message: 'A task comes after at most 10000 others; join more by a task between.' },
    ]);
  });

  it.each([
    [
      'a delay of 1e12',
      { delayMs: 1e12 },
      'A delay is a whole number of milliseconds from 0 to 315360000000, which is ten years.',
    ],
    [
      'a unique key of 1 MB',
      { unique: 'x'.repeat(1_000_000) },
      'A unique key has at most 500 characters; shorten or hash it.',
    ],
  ])('says in one sentence what is wrong with %s', (_what, part, message) => {
    const { error } = EnqueueTask.safeParse({ prompt: 'x', workspace: '/work', ...part });
    expect(error?.issues).toMatchObject([{ path: Object.keys(part), message }]);
  });

  it.each([
    ['an empty prompt', { prompt: '  \n' }],
    ['a prompt of 2 MB', { prompt: 'x'.repeat(2_000_000) }],
    ['a priority out of range', { priority: -1_001 }],
    ['a delay of 1e15', { delayMs: 1e15 }],
    ['a delay that is no number', { delayMs: Number.NaN }],
    ['a delay and a time', { delayMs: 1, runAt: 1 }],
    ['an agent that is a path', { agent: '../../bin/sh' }],
    ['an unknown setting', { colour: 'red' }],
    ['a dependency that is no id', { after: ['task_1'] }],
    ['a scope without a unique key', { uniqueScope: 'waiting' }],
    ['a unique key for no time', { unique: 'x', uniqueScope: { periodMs: 0 } }],
  ])('does not accept %s', (_what, part) => {
    expect(EnqueueTask.safeParse({ prompt: 'x', workspace: '/work', ...part }).success).toBe(false);
  });

  it('makes one task of a request however often it is sent, also when the task has finished', async () => {
    await using application = openApplication();
    const { app } = application;
    const command = { agent: 'shell', prompt: 'npm test', workspace: '/work', requestId: 'request 1' };
    const [first, second] = await Promise.all([app.enqueueTask(command), app.enqueueTask(command)]);
    expect(second.id).toBe(first.id);
    await app.cancelTask({ taskId: first.id });
    expect(await app.enqueueTask(command)).toMatchObject({ id: first.id, status: 'cancelled' });
    expect((await app.enqueueTask({ ...command, requestId: 'request 2' })).id).not.toBe(first.id);
  });
});
