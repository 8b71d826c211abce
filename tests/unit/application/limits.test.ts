import { describe, expect, it } from 'vitest';
import type { TurnEnd } from '../../../src/application/ports/turn-end.js';
import { FIRST_PAUSE_MS } from '../../../src/domain/limit/limit-gate-transitions.js';
import { openApplication } from '../../support/application.js';
import type { OpenTurn } from '../../support/scripted-runtime.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Room for every task of a test. */
const ROOM = { pool: { max: 8, maxPerWorkspace: 8 } };

type Opened = ReturnType<typeof openApplication>;

function limited(turn: OpenTurn, resetsAt: number | null): void {
  const error = { code: 'rate_limited', message: 'Five hours are used up.' } as const;
  const end: TurnEnd = {
    outcome: 'failed',
    error,
    exitCode: null,
    resetsAt,
    limit: 'usage',
    receipt: { ended: 0, left: 0 },
  };
  turn.end(end);
}

const spawn = ({ enqueue }: Opened, prompt: string, agent: string, fallback?: string) =>
  enqueue(prompt, { agent, ...(fallback === undefined ? {} : { fallback }) });

const typesOf = async ({ app }: Opened, ...types: string[]) => {
  const { items } = await app.listEvents({ limit: 100 });
  return items.filter(({ type }) => types.includes(type)).map(({ type, data }) => ({ type, data }));
};

/** Resolves when nothing is under way any more. */
const settled = ({ transaction }: Opened) => transaction(() => Promise.resolve());

/** Lets time pass. The timer sleeps for a minute at most, so it is set a second time after a longer one. */
async function pass(opened: Opened, ms: number): Promise<void> {
  opened.time.advance(ms);
  await settled(opened);
  opened.time.advance(0);
}

/** One task of `careful` has met a limit, which is reset in an hour. */
async function openLimited(resetsInMs: number | null = HOUR_MS) {
  const opened = openApplication(ROOM);
  opened.start();
  const first = await spawn(opened, 'first', 'careful');
  const resetsAt = resetsInMs === null ? null : opened.time.clock() + resetsInMs;
  limited(await opened.runtime.nextTurn(), resetsAt);
  await opened.until(first.id, 'scheduled');
  return { ...opened, first };
}

describe('an account that has reached a limit', () => {
  it('keeps the tasks of all its profiles waiting without an attempt, and nobody else', async () => {
    await using opened = await openLimited();
    const { app, runtime, time, first } = opened;
    const same = await spawn(opened, 'same', 'careful');
    const shared = await spawn(opened, 'shared', 'shared');
    await spawn(opened, 'elsewhere', 'tests');
    expect((await runtime.nextTurn()).prompt).toBe('elsewhere');
    await settled(opened);
    expect(runtime.open.size).toBe(1);
    expect(await app.getTask({ taskId: first.id })).toMatchObject({
      status: 'scheduled',
      attempts: 0,
      runAt: time.clock() + HOUR_MS,
      error: { code: 'rate_limited' },
    });
    for (const { id } of [same, shared]) {
      expect(await app.getTask({ taskId: id })).toMatchObject({ status: 'pending', attempts: 0 });
    }
    expect((await app.getStatus()).limits).toEqual([
      {
        account: 'careful',
        profiles: ['careful', 'shared'],
        state: 'closed',
        kind: 'usage',
        since: time.clock(),
        until: time.clock() + HOUR_MS,
        reason: 'Five hours are used up.',
      },
    ]);
    expect(await typesOf(opened, 'account.limited')).toHaveLength(1);
  });

  it('is tried by one task after the reset, and open for all once that has got through', async () => {
    await using opened = await openLimited();
    const { app, runtime } = opened;
    for (const name of ['second', 'third', 'fourth']) await spawn(opened, name, 'careful');
    await pass(opened, HOUR_MS);
    const probe = await runtime.nextTurn();
    await settled(opened);
    expect(runtime.open.size).toBe(1);
    expect((await app.getStatus()).limits).toMatchObject([{ state: 'trial' }]);
    probe.complete();
    const others = [await runtime.nextTurn(), await runtime.nextTurn(), await runtime.nextTurn()];
    expect([probe, ...others].map(({ prompt }) => prompt).sort()).toEqual(['first', 'fourth', 'second', 'third']);
    expect((await app.getStatus()).limits).toEqual([]);
    expect(await typesOf(opened, 'account.reopened')).toMatchObject([{ data: { account: 'careful', by: 'task' } }]);
  });

  it('is open for all as soon as the model of the trying task calls a tool, which may be long before its end', async () => {
    await using opened = await openLimited();
    const { app, runtime } = opened;
    await spawn(opened, 'second', 'careful');
    await pass(opened, HOUR_MS);
    const probe = await runtime.nextTurn();
    // An agent tells also its own errors in words.
    await probe.tell({ type: 'text', text: 'API Error: 429' });
    expect((await app.getStatus()).limits).toMatchObject([{ state: 'trial' }]);
    const call = { toolUseId: 'toolu_1', name: 'Bash', title: 'ls', input: { command: 'ls' }, subagent: null };
    await probe.tell({ type: 'tool_call', ...call });
    const other = await runtime.nextTurn();
    expect([probe.prompt, other.prompt].sort()).toEqual(['first', 'second']);
    expect((await app.getStatus()).limits).toEqual([]);
  });

  it('is closed for twice as long when the limit is met again and nobody tells its reset', async () => {
    await using opened = await openLimited(null);
    const { app, runtime, time } = opened;
    await spawn(opened, 'second', 'careful');
    await pass(opened, FIRST_PAUSE_MS);
    limited(await runtime.nextTurn(), null);
    await expect
      .poll(async () => (await app.getStatus()).limits)
      .toMatchObject([{ state: 'closed', until: time.clock() + 2 * FIRST_PAUSE_MS }]);
    expect(runtime.open.size).toBe(0);
    await pass(opened, 2 * FIRST_PAUSE_MS);
    (await runtime.nextTurn()).complete();
    (await runtime.nextTurn()).complete();
    await expect.poll(() => app.queueStats()).toMatchObject({ completed: 2 });
    expect((await app.getStatus()).limits).toEqual([]);
  });

  it('is tried by the next task when the first came to no result', async () => {
    await using opened = await openLimited();
    const { app, runtime, enqueue } = opened;
    const { id } = await enqueue('second', { agent: 'careful', maxAttempts: 1 });
    await pass(opened, HOUR_MS);
    const probe = await runtime.nextTurn();
    expect(probe.prompt).toBe('second');
    probe.fail();
    await opened.until(id, 'failed');
    const next = await runtime.nextTurn();
    expect((await app.getStatus()).limits).toMatchObject([{ state: 'trial' }]);
    next.complete();
    await expect.poll(async () => (await app.getStatus()).limits).toEqual([]);
  });

  it('is opened by hand, for what waits in it and for the task that met the limit', async () => {
    await using opened = await openLimited();
    const { app, runtime, first } = opened;
    await spawn(opened, 'second', 'shared');
    await expect(app.reopenAccount({ account: 'tests' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await app.reopenAccount({ account: 'shared' })).toEqual({ account: 'careful' });
    const turns = [await runtime.nextTurn(), await runtime.nextTurn()];
    expect(turns.map(({ prompt }) => prompt).sort()).toEqual(['first', 'second']);
    expect(await typesOf(opened, 'account.reopened')).toMatchObject([{ data: { by: 'request' } }]);
    expect(await app.getTask({ taskId: first.id })).toMatchObject({ attempts: 1 });
  });

  it('still opens when the clock is put a day back or forward', async () => {
    for (const jump of [-DAY_MS, DAY_MS]) {
      await using opened = await openLimited();
      const { runtime, time, first, until } = opened;
      const second = await spawn(opened, 'second', 'careful');
      time.jump(jump);
      // The timer looks at the clock every minute, and the gate is closed for no longer than it was to be.
      for (let minutes = 0; minutes <= 61 && runtime.open.size === 0; minutes += 1) {
        time.advance(60_000);
        // What was released in that transaction is claimed in the next one, and then its agent starts.
        for (let n = 0; n < 10; n += 1) await settled(opened);
      }
      (await runtime.nextTurn()).complete();
      (await runtime.nextTurn()).complete();
      await until(first.id, 'completed');
      await until(second.id, 'completed');
    }
  });
});

describe('a task with a fallback', () => {
  it('goes to it at once, with what was said so far, when its account reaches the limit', async () => {
    await using opened = openApplication(ROOM);
    const { app, runtime, time, start, until } = opened;
    start();
    const { id } = await spawn(opened, 'mend it', 'careful', 'other');
    const turn = await runtime.nextTurn();
    const session = { type: 'session', source: 'claude', cwd: '/work', agentVersion: null, resumed: true } as const;
    await turn.tell({ ...session, providerSessionId: 'of careful' });
    limited(turn, time.clock() + HOUR_MS);
    const other = await runtime.nextTurn();
    expect(other.conversation.providerSessionId).toBeNull();
    expect(await app.getTask({ taskId: id })).toMatchObject({
      status: 'processing',
      agent: 'other',
      fallback: 'careful',
      attempts: 1,
    });
    expect(await typesOf(opened, 'task.rerouted')).toMatchObject([
      { data: { from: 'careful', to: 'other', message: expect.stringContaining('Five hours') as string } },
    ]);
    await other.tell({ ...session, providerSessionId: 'of other' });
    other.complete('mended');
    const { sessionId } = await until(id, 'completed');
    if (sessionId === null) throw new Error('It has no session.');
    // From now on the conversation is with the fallback, under its own id.
    expect(await app.getSession({ sessionId })).toMatchObject({ agent: 'other', providerSessionId: 'of other' });
  });

  it('tells the fallback what was said before in the conversation', async () => {
    await using opened = openApplication(ROOM);
    const { app, runtime, time, start, until } = opened;
    start();
    const { id } = await spawn(opened, 'mend it', 'careful');
    const session = { type: 'session', source: 'claude', cwd: '/work', agentVersion: null, resumed: true } as const;
    const first = await runtime.nextTurn();
    await first.tell({ ...session, providerSessionId: 'of careful' });
    first.complete('mended');
    const { sessionId } = await until(id, 'completed');
    if (sessionId === null) throw new Error('It has no session.');
    await app.sendPrompt({ sessionId, prompt: 'now the docs', fallback: 'other' });
    const second = await runtime.nextTurn();
    expect(second).toMatchObject({ prompt: 'now the docs', conversation: { providerSessionId: 'of careful' } });
    limited(second, time.clock() + HOUR_MS);
    const other = await runtime.nextTurn();
    expect(other.conversation.providerSessionId).toBeNull();
    expect(other.prompt).toContain('They: mend it\nYou: mended\n');
    expect(other.prompt).toMatch(/\nnow the docs$/);
  });

  it('does not wait when its account is closed already, and waits for whichever opens first when both are', async () => {
    await using opened = await openLimited();
    const { app, runtime, time } = opened;
    const both = await spawn(opened, 'both', 'careful', 'other');
    const turn = await runtime.nextTurn();
    expect(turn.prompt).toBe('both');
    limited(turn, time.clock() + HOUR_MS / 2);
    await opened.until(both.id, 'scheduled');
    expect(await app.getTask({ taskId: both.id })).toMatchObject({ runAt: time.clock() + HOUR_MS / 2, attempts: 0 });
    await pass(opened, HOUR_MS / 2);
    const again = await runtime.nextTurn();
    expect(again.prompt).toBe('both');
    expect(await app.getTask({ taskId: both.id })).toMatchObject({ agent: 'other', fallback: 'careful' });
  });

  it('is refused when that could not help', async () => {
    await using opened = openApplication(ROOM);
    await expect(spawn(opened, 'x', 'careful', 'shared')).rejects.toThrow(/shared cannot be the fallback of careful/);
    await expect(spawn(opened, 'x', 'careful', 'careful')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(spawn(opened, 'x', 'careful', 'shell')).rejects.toThrow(/command lines/);
    await expect(spawn(opened, 'x', 'careful', 'nobody')).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
