import { describe, expect, it } from 'vitest';
import type { CapturedToolUse } from '../../../src/application/session/captured-tool-use.js';
import type { RecordPrompt } from '../../../src/application/session/record-prompt.js';
import { watchIdleSessions } from '../../../src/application/session/watch-idle-sessions.js';
import { MAX_INPUT_LENGTH, MAX_RESULT_LENGTH, MAX_SAID_LENGTH } from '../../../src/domain/session/capture-limits.js';
import type { Session } from '../../../src/domain/session/session.js';
import { type ApplicationOptions, openApplication } from '../../support/application.js';

const ORIGIN = { source: 'claude', providerSessionId: 'abc', cwd: '/work' };

function use(n: number, change: Partial<CapturedToolUse> = {}): CapturedToolUse {
  const input = { command: `echo ${String(n)}` };
  return { toolUseId: `toolu_${String(n)}`, name: 'Bash', outcome: 'done', input, result: 'ok', turn: 't1', ...change };
}

function opened(options: ApplicationOptions = {}) {
  const backend = openApplication(options);
  const { app } = backend;
  return {
    ...backend,
    start: (change: object = {}) => app.startSession({ ...ORIGIN, continues: false, ...change }),
    say: (text: string, change: Partial<RecordPrompt> = {}) =>
      app.recordPrompt({ session: ORIGIN, who: 'user', turn: 't1', text, ...change }),
    answer: (text: string, change: { turn?: string | null; goesOn?: boolean } = {}) =>
      app.recordAnswer({ session: ORIGIN, turn: 't1', goesOn: false, text, ...change }),
    record: (...toolUses: CapturedToolUse[]) => app.recordToolUses({ session: ORIGIN, toolUses }, 'hook'),
    sessions: async () => (await app.listSessions({ limit: 10 })).items,
    async said({ id: sessionId }: Pick<Session, 'id'>) {
      const { items } = await app.listPrompts({ sessionId, limit: 100 });
      return items.map(({ number, who, text }) => [number, who, text]);
    },
    kept: ({ id: sessionId }: Pick<Session, 'id'>) =>
      backend.read(({ toolUses }) => toolUses.waiting(sessionId, 1_000)),
    types: async () => (await app.listEvents({ limit: 100 })).items.map(({ type }) => type).reverse(),
  };
}

async function only(sessions: Promise<Session[]>): Promise<Session> {
  const [session, ...more] = await sessions;
  if (session === undefined || more.length > 0) throw new Error(`${String(more.length + 1)} sessions, not one.`);
  return session;
}

describe('capturing', () => {
  it('opens a session with whatever comes first, once', async () => {
    await using it = opened();
    await Promise.all([it.record(use(1)), it.say('Do it.'), it.record(use(2)), it.answer('Done.')]);
    const session = await only(it.sessions());
    expect(session).toMatchObject({ ...ORIGIN, agent: 'claude', status: 'active', taskId: null, title: 'Do it.' });
    expect(await it.said(session)).toEqual([
      [1, 'user', 'Do it.'],
      [1, 'agent', 'Done.'],
    ]);
    expect((await it.kept(session)).map(({ toolUseId }) => toolUseId)).toEqual(['toolu_1', 'toolu_2']);
  });

  it('keeps a tool use once, however often and with whatever else it comes, and says so once', async () => {
    await using it = opened();
    expect(await it.record(use(1), use(2))).toEqual({ recorded: 2, known: 0 });
    expect(await it.record(use(2), use(3), use(3))).toEqual({ recorded: 1, known: 2 });
    const session = await only(it.sessions());
    expect(await it.kept(session)).toHaveLength(3);
    expect((await it.types()).filter((type) => type === 'tooluse.captured')).toHaveLength(3);
    expect(await it.app.countToolUses({ sessionId: session.id })).toEqual({
      tools: [{ name: 'Bash', uses: 3, failed: 0 }],
      isWhole: true,
    });
  });

  it('numbers prompts, one for each turn, and gives answers the number of what they answer', async () => {
    await using it = opened();
    await it.answer('Before anything.', { turn: 't0' });
    for (const turn of ['t1', 't1', 't2']) await it.say(`Said in ${turn}.`, { turn });
    await it.say('<task-notification>', { turn: 't3', who: 'system' });
    for (const turn of ['t2', 't1', 't1']) await it.answer(`Answer of ${turn}.`, { turn });
    await it.answer('Another answer of t1.');
    await it.answer('The answer of t1 that counts.', { goesOn: true });
    expect(await it.said(await only(it.sessions()))).toEqual([
      [0, 'agent', 'Before anything.'],
      [1, 'user', 'Said in t1.'],
      [2, 'user', 'Said in t2.'],
      [3, 'system', '<task-notification>'],
      [2, 'agent', 'Answer of t2.'],
      [1, 'agent', 'The answer of t1 that counts.'],
    ]);
  });

  it('gives a tool use without a turn to the turn that was begun last', async () => {
    await using it = opened();
    await it.say('One.', { turn: 't1' });
    await it.say('Two.', { turn: 't2' });
    await it.record(use(1, { turn: null }), use(2, { turn: 't1' }));
    expect((await it.kept(await only(it.sessions()))).map(({ turn }) => turn)).toEqual(['t2', 't1']);
  });

  it('lets a session that was left open end when it starts anew, and go on after a compaction', async () => {
    await using it = opened();
    const first = await it.start();
    await it.start({ continues: true, transcriptPath: '/t.jsonl' });
    expect(await it.types()).toEqual(['workspace.added', 'session.started']);
    expect(await it.start({ agentVersion: '2.1.328' })).toMatchObject({
      id: first?.id,
      status: 'active',
      transcriptPath: '/t.jsonl',
      agentVersion: '2.1.328',
    });
    await it.app.endSession(ORIGIN);
    expect(await only(it.sessions())).toMatchObject({ status: 'closed' });
    await it.say('Once more.');
    expect(await only(it.sessions())).toMatchObject({ status: 'active', endedAt: null });
    expect((await it.types()).slice(2)).toEqual([
      'session.closed',
      'session.resumed',
      'session.closed',
      'session.prompted',
    ]);
    expect(await it.app.endSession({ ...ORIGIN, providerSessionId: 'nobody' })).toBeNull();
  });

  it('keeps what comes after the end, without opening the session again', async () => {
    await using it = opened();
    await it.say('Go.');
    await it.app.endSession(ORIGIN);
    await it.record(use(1));
    await it.answer('API Error: 400');
    const session = await only(it.sessions());
    expect(session.status).toBe('closed');
    expect(await it.kept(session)).toHaveLength(1);
    expect(await it.said(session)).toHaveLength(2);
  });

  it('closes sessions of which nothing was heard for long, and no others', async () => {
    await using it = opened();
    const names = ['old', 'prompted', 'used', 'paused'];
    for (const providerSessionId of names) await it.start({ providerSessionId });
    const paused = (await it.sessions()).find(({ providerSessionId }) => providerSessionId === 'paused');
    await it.app.pauseSession({ sessionId: paused?.id ?? 'session_' });
    it.time.advance(15 * 3_600_000);
    await it.say('Go on.', { session: { ...ORIGIN, providerSessionId: 'prompted' } });
    const used = { session: { ...ORIGIN, providerSessionId: 'used' }, toolUses: [use(1)] };
    await it.app.recordToolUses(used, 'hook');
    it.time.advance(2 * 3_600_000);
    await it.start({ providerSessionId: 'new' });
    expect(await it.app.closeIdleSessions(it.scope.signal)).toBe(1);
    const states = (await it.sessions()).map(({ providerSessionId, status }) => [providerSessionId, status]);
    expect(Object.fromEntries(states)).toEqual({
      old: 'closed',
      prompted: 'active',
      used: 'active',
      paused: 'paused',
      new: 'active',
    });
  });

  it('closes them also while the server lives, with no timer while none is open', async () => {
    await using it = opened();
    const { closeIdleSessions } = it.app;
    const { read, eventLog, scope } = it;
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    await watchIdleSessions({ read, eventLog, logger, closeIdleSessions }, scope);
    const before = it.time.pending();
    await it.start();
    for (let hour = 1; hour <= 17; hour += 1) {
      await expect.poll(() => it.time.pending()).toBe(before + 1);
      expect(await only(it.sessions())).toMatchObject({ status: 'active' });
      it.time.advance(3_600_000);
    }
    await expect.poll(async () => (await only(it.sessions())).status).toBe('closed');
    await expect.poll(() => it.time.pending()).toBe(before);
  });

  it('cuts what is long to its head and tail, and says how much is not there', async () => {
    await using it = opened();
    const long = `HEAD${'x'.repeat(200_000)}TAIL`;
    await it.say(long);
    await it.record(use(1, { input: { content: long, file_path: '/work/a.ts' }, result: long, name: 'Write' }));
    const session = await only(it.sessions());
    const [kept] = await it.kept(session);
    const { file_path, content } = JSON.parse(kept?.input ?? '') as Record<string, string>;
    expect(file_path).toBe('/work/a.ts');
    for (const [text, limit] of [
      [content, MAX_INPUT_LENGTH],
      [kept?.result, MAX_RESULT_LENGTH],
      [String((await it.said(session))[0]?.[2]), MAX_SAID_LENGTH],
    ] as const) {
      expect(text).toMatch(/^HEADx+\n\[… \d+ characters left out …\]\nx+TAIL$/);
      expect(text?.length).toBeLessThan(limit + 100);
      expect(text?.length).toBeGreaterThan(limit - 500);
    }
    expect(kept?.inputOmitted).toBeGreaterThan(200_000 - MAX_INPUT_LENGTH - 100);
    expect(kept?.resultOmitted).toBe(200_008 - MAX_RESULT_LENGTH);
  });

  it('takes any JSON for an input', async () => {
    await using it = opened();
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as unknown;
    const inputs = [
      null,
      'text',
      7,
      [1, { a: 2 }],
      {},
      { __proto__: null, a: [] },
      deep,
      { deep },
      [...Array(50_000).keys()],
    ];
    await it.record(...inputs.map((input, n) => use(n, { input })));
    const kept = await it.kept(await only(it.sessions()));
    expect(kept.slice(0, 4).map(({ input }) => JSON.parse(input) as unknown)).toEqual(inputs.slice(0, 4));
    for (const { input } of kept) expect(input.length).toBeLessThan(8 * MAX_INPUT_LENGTH);
  });
});

describe('what is not to be remembered', () => {
  it('takes back a summary that tells of a turn whose prompt comes late and is private', async () => {
    await using it = opened();
    await it.say('Do it.', { turn: 't0' });
    await it.answer('The canary is not done yet.');
    const { id: sessionId } = await only(it.sessions());
    await it.app.makeSummary(sessionId);
    expect((await it.app.getSummary({ sessionId }))?.text).toContain('canary');
    await it.say('<private>a secret</private>');
    expect(await it.app.getSummary({ sessionId })).toBeNull();
    await it.app.makeSummary(sessionId);
    expect((await it.app.getSummary({ sessionId }))?.parts).toMatchObject({ asked: ['Do it.'] });
    expect((await it.app.getSummary({ sessionId }))?.text).not.toContain('canary');
  });

  it.each([
    ['that is named', 'claude', 't1'],
    ['that has no name', 'gemini', null],
  ])('is a private turn %s whose prompt comes after all was distilled', async (_what, source, turn) => {
    await using it = opened();
    const session = { ...ORIGIN, source };
    const start = it.time.clock();
    const canaryUse = (n: number, at: number) =>
      use(n, { turn, at: start + at, input: { command: `npm install canary-${String(n)}` }, result: 'added canary' });
    await it.say('In public.', { session, turn: 't0', at: start });
    await it.app.recordToolUses(
      {
        session,
        toolUses: [
          use(1, { turn: turn && 't0', at: start + 5, input: { command: 'npm install left-pad' } }),
          canaryUse(2, 15),
          canaryUse(3, 16),
        ],
      },
      'hook',
    );
    await it.app.recordAnswer({ session, turn, goesOn: false, text: 'The canary sings.', at: start + 19 });
    await it.app.recordPrompt({ session, who: 'user', turn: 't2', text: 'Go on.', at: start + 20 });
    await it.app.recordToolUses({ session, toolUses: [use(4, { turn: turn && 't2', at: start + 25 })] }, 'hook');
    const { id: sessionId } = await only(it.sessions());
    for (const one of await it.kept({ id: sessionId })) await it.app.distilToolUses([one], it.scope.signal);
    await it.app.makeSummary(sessionId);
    const shown = async () => {
      const { items } = await it.app.listObservations({ sessionId, limit: 100 });
      const uses = await it.read(({ toolUses }) => toolUses.between(sessionId, 0, Number.MAX_SAFE_INTEGER));
      const summary = await it.app.getSummary({ sessionId });
      return { text: JSON.stringify([items, await it.said({ id: sessionId }), summary]), uses };
    };
    expect((await shown()).text).toContain('canary');
    await it.say('<private>a secret</private>', { session, turn: turn ?? 'derived-1', at: start + 10 });
    const after = await shown();
    expect(after.text).not.toContain('canary');
    expect(after.text).toContain('left-pad');
    expect(after.uses).toEqual(['toolu_1', 'toolu_4']);
    await it.app.makeSummary(sessionId);
    expect((await shown()).text).not.toContain('canary');
  });

  it('is a private turn: of its words, its tool uses and its answer nothing is kept', async () => {
    await using it = opened();
    await it.record(use(1, { result: 'canary' }));
    await it.say('<private>canary</private>');
    expect(await it.record(use(2, { result: 'canary' }), use(3, { turn: null, result: 'canary' }))).toEqual({
      recorded: 0,
      known: 0,
    });
    await it.answer('canary');
    const session = await only(it.sessions());
    expect(await it.said(session)).toEqual([[1, 'user', '']]);
    expect(await it.kept(session)).toEqual([]);
    expect(session.title).toBe('');
    await it.say('Now in public, <private>canary</private>please.', { turn: 't2' });
    expect(await it.record(use(4, { turn: null }))).toMatchObject({ recorded: 1 });
    expect(JSON.stringify([await it.said(session), await only(it.sessions())])).not.toContain('canary');
  });

  it('is a prompt without words not taken for', async () => {
    await using it = opened();
    await it.say('  ');
    expect(await it.record(use(1))).toMatchObject({ recorded: 1 });
    expect(await it.said(await only(it.sessions()))).toEqual([[1, 'user', '(without words)']]);
  });

  it('is a secret', async () => {
    await using it = opened();
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    await it.say(`Use ${secret}.`);
    await it.answer(`I used ${secret}.`);
    await it.record(use(1, { input: { command: `curl -H "Authorization: Bearer ${secret}"` }, result: secret }));
    const session = await only(it.sessions());
    expect(JSON.stringify([session, await it.said(session), await it.kept(session)])).not.toContain(secret);
  });

  it('is a tool or a path that the user has excluded', async () => {
    await using it = opened();
    const counts = await it.record(
      use(1, { name: 'secret_store' }),
      use(2, { name: 'Read', input: { file_path: '/work/.env.local' } }),
      use(3, { input: { command: 'cat ./app/.env|wc -l' } }),
      use(4, { name: 'Read', input: { file_path: '/work/env.ts' } }),
    );
    expect(counts).toEqual({ recorded: 1, known: 0 });
  });

  it('is what happens in the data directory, or in a session that is paused', async () => {
    await using it = opened();
    const ours = { ...ORIGIN, cwd: '/home/me/.codewalkers/distiller' };
    expect(await it.app.recordToolUses({ session: ours, toolUses: [use(1)] }, 'hook')).toMatchObject({ recorded: 0 });
    expect(await it.app.startSession({ ...ours, continues: false })).toBeNull();
    expect(await it.sessions()).toEqual([]);
    const session = await it.start();
    const sessionId = session?.id ?? 'session_';
    await it.app.pauseSession({ sessionId });
    expect([await it.say('Now?'), await it.answer('No.'), await it.record(use(1))]).toEqual([
      null,
      null,
      { recorded: 0, known: 0 },
    ]);
    await it.start();
    await it.app.endSession(ORIGIN);
    expect(await only(it.sessions())).toMatchObject({ status: 'paused', prompts: 0 });
    await it.app.resumeSession({ sessionId });
    expect(await it.record(use(1))).toMatchObject({ recorded: 1 });
  });

  it('is everything while memory is off', async () => {
    await using it = opened({ memory: { enabled: false } });
    expect([await it.start(), await it.say('Go.'), await it.answer('Done.')]).toEqual([null, null, null]);
    expect(await it.record(use(1))).toEqual({ recorded: 0, known: 0 });
    expect(await it.sessions()).toEqual([]);
  });
});
