import { describe, expect, it } from 'vitest';
import { LimitQueue } from '../../../src/application/queue/limit-queue.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import { openApplication } from '../../support/application.js';

const ROOM = { pool: { max: 4, maxPerWorkspace: 4 } };

type Opened = ReturnType<typeof openApplication>;

/** Resolves when nothing is under way any more. */
const settled = ({ transaction }: Opened) => transaction(() => Promise.resolve());

const statusOf = async ({ app }: Opened, { id }: { id: `task_${string}` }) =>
  (await app.getTask({ taskId: id })).status;

describe('a limit of a part of the queue', () => {
  it('keeps what is above it waiting, and is off at once when it is taken away', async () => {
    await using opened = openApplication(ROOM);
    const { app, start, enqueue, runtime } = opened;
    expect(await app.limitQueue({ group: 'deploy', max: 1 })).toMatchObject({
      kind: 'group',
      name: 'deploy',
      max: 1,
      running: 0,
    });
    start();
    await enqueue('first', { group: 'deploy' });
    const second = await enqueue('second', { group: 'deploy' });
    await enqueue('free');
    expect((await runtime.nextTurn()).prompt).toBe('first');
    expect((await runtime.nextTurn()).prompt).toBe('free');
    expect(await statusOf(opened, second)).toBe('pending');
    expect(await app.listQueueLimits()).toMatchObject([
      { name: 'deploy', max: 1, running: 1, rate: null, paused: false },
    ]);
    expect(await app.limitQueue({ group: 'deploy', clear: true })).toMatchObject({ max: null, running: 1 });
    expect((await runtime.nextTurn()).prompt).toBe('second');
    expect(await app.listQueueLimits()).toEqual([]);
    expect(await app.listQueueLimits({ group: 'deploy' })).toMatchObject([{ max: null, running: 2 }]);
    const { items } = await app.listEvents({ limit: 100 });
    expect(items.filter(({ type }) => type === 'queue.limited').map(({ data }) => data)).toEqual([
      { group: 'deploy', max: null, rate: null, exclusive: false },
      { group: 'deploy', max: 1, rate: null, exclusive: false },
    ]);
  });

  it('starts the next one when its rate opens, by the one timer', async () => {
    await using opened = openApplication(ROOM);
    const { app, start, enqueue, runtime, time } = opened;
    await app.limitQueue({ agent: 'shell', rate: { count: 2, periodMs: 10_000 } });
    start();
    await enqueue('one');
    await runtime.nextTurn();
    time.advance(4_000);
    await enqueue('two');
    await runtime.nextTurn();
    const third = await enqueue('three');
    await settled(opened);
    expect((await app.listQueueLimits())[0]?.rate).toEqual({
      count: 2,
      periodMs: 10_000,
      used: 2,
      opensAt: time.clock() + 6_000,
    });
    time.advance(5_999);
    await settled(opened);
    expect(await statusOf(opened, third)).toBe('pending');
    time.advance(1);
    expect((await runtime.nextTurn()).prompt).toBe('three');
  });

  it('pauses a part, by itself, until it is resumed', async () => {
    await using opened = openApplication(ROOM);
    const { app, start, enqueue, runtime } = opened;
    start();
    expect(await app.pauseQueue(true, { agent: 'tests' })).toEqual({ paused: true });
    expect(await app.pauseQueue(true, { workspace: '/quiet' })).toEqual({ paused: true });
    await enqueue('of a paused agent', { agent: 'tests', fallback: 'careful' });
    await enqueue('in a paused place', { workspace: '/quiet' });
    await enqueue('free');
    expect((await runtime.nextTurn()).prompt).toBe('free');
    const { paused, queue } = await app.getStatus();
    expect(queue.paused).toBe(false);
    expect(paused).toEqual([
      { kind: 'agent', name: 'tests', workspaceId: null },
      { kind: 'workspace', name: '/quiet', workspaceId: expect.any(String) as string },
    ]);
    await app.pauseQueue(false, { workspace: '/quiet' });
    expect((await runtime.nextTurn()).prompt).toBe('in a paused place');
    await app.pauseQueue(false, { agent: 'tests' });
    expect((await runtime.nextTurn()).prompt).toBe('of a paused agent');
    expect((await app.getStatus()).paused).toEqual([]);
  });

  it('lets an exclusive group go on only when the task that has begun has finished, also while that waits', async () => {
    await using opened = openApplication(ROOM);
    const { app, start, enqueue, runtime, time, until } = opened;
    await app.limitQueue({ group: 'deploy', exclusive: true });
    start();
    const first = await enqueue('first', { group: 'deploy' });
    const second = await enqueue('second', { group: 'deploy' });
    await enqueue('third', { group: 'deploy', priority: 5 });
    (await runtime.nextTurn()).fail('not yet');
    await until(first.id, 'scheduled');
    await settled(opened);
    expect(await app.listQueueLimits()).toMatchObject([{ exclusive: true, heldBy: first.id, running: 0 }]);
    time.advance(500);
    // It goes on before one of a higher priority that has not begun.
    const again = await runtime.nextTurn();
    expect(again.prompt).toBe('first');
    again.fail('still not');
    await until(first.id, 'scheduled');
    await app.cancelTask({ taskId: first.id });
    const next = await runtime.nextTurn();
    expect(next.prompt).toBe('third');
    expect(await statusOf(opened, second)).toBe('pending');
    next.complete();
    expect((await runtime.nextTurn()).prompt).toBe('second');
  });

  it('lets no other of an exclusive group begin before the agent of a cancelled one is gone', async () => {
    await using opened = openApplication(ROOM);
    const { app, start, enqueue, runtime } = opened;
    await app.limitQueue({ group: 'deploy', exclusive: true });
    start();
    runtime.isDeaf = true;
    const first = await enqueue('first', { group: 'deploy' });
    const second = await enqueue('second', { group: 'deploy' });
    const turn = await runtime.nextTurn();
    runtime.isDeaf = false;
    await app.cancelTask({ taskId: first.id });
    await settled(opened);
    expect(await statusOf(opened, second)).toBe('pending');
    turn.complete();
    expect((await runtime.nextTurn()).prompt).toBe('second');
  });

  it('is refused for what does not exist', async () => {
    await using opened = openApplication();
    const { app } = opened;
    await expect(app.limitQueue({ agent: 'nobody', max: 1 })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(app.pauseQueue(true, { agent: 'nobody' })).rejects.toMatchObject({ code: 'invalid_input' });
    const nowhere = encodeId('workspace', 99);
    await expect(app.limitQueue({ workspace: nowhere, max: 1 })).rejects.toMatchObject({ code: 'not_found' });
    expect(await app.listQueueLimits()).toEqual([]);
  });

  it.each([
    [{ max: 1 }, 'Name one part of the queue: agent, workspace or group.'],
    [{ agent: 'shell', group: 'deploy', max: 1 }, 'Name one part of the queue: agent, workspace or group.'],
    [{ agent: 'shell', exclusive: true }, 'Only a group can be exclusive.'],
    [{ group: 'deploy' }, 'Say what the limit is, by max, rate or exclusive, or that it is cleared.'],
    [
      { group: 'deploy', max: 1, clear: true },
      'Say what the limit is, by max, rate or exclusive, or that it is cleared.',
    ],
  ])('is refused as %j', (command, message) => {
    expect(LimitQueue.safeParse(command).error?.issues).toMatchObject([{ message }]);
  });
});
