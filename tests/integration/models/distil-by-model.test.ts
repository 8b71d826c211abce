import { describe, expect, it } from 'vitest';
import { createDistilByModel } from '../../../src/application/distil/distil-by-model.js';
import { createDistilByRules } from '../../../src/application/distil/distil-by-rules.js';
import { createDistilToolUses } from '../../../src/application/distil/distil-tool-uses.js';
import { createModelRest, MODEL_REST_MS } from '../../../src/application/distil/model-rest.js';
import type { Logger } from '../../../src/application/ports/logger.js';
import { type Budget, dayOf } from '../../../src/domain/distil/spend.js';
import { openModel } from '../../../src/infrastructure/models/open-model.js';
import { redactor } from '../../../src/infrastructure/redaction/redactor.js';
import { createNewId } from '../../../src/infrastructure/system/ids.js';
import { captureUses, install } from '../../support/distil-queue.js';
import { openModelPeer, type PeerTurn } from '../../support/model-peer.js';
import { STORAGES } from '../../support/storage.js';
import { addSessions, addWorkspaces, NOW, SESSION } from '../../support/storage-samples.js';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const GOOD = {
  observations: [
    {
      type: 'change',
      title: 'Adds what the model named',
      narrative: 'It was told.',
      facts: ['a fact'],
      concepts: [],
      filesRead: [],
      filesModified: ['package.json'],
      uses: [1],
    },
  ],
};

type Provider = 'anthropic' | 'openai';

interface DistilOptions {
  readonly provider?: Provider;
  readonly budget?: Budget;
  /** When each stretch is distilled, in milliseconds after NOW. */
  readonly times?: readonly number[];
}

/** Stretches of one tool use each, distilled over a real connection; `pauses` are those between the calls, in ms. */
async function distilOnce(url: string, { provider = 'openai', budget = {}, times = [0] }: DistilOptions = {}) {
  const [{ open }] = STORAGES.filter(({ name }) => name.includes('SQLite')) as [(typeof STORAGES)[number]];
  const storage = await open();
  await addWorkspaces(storage);
  await addSessions(storage);
  const uses = times.map((_, at) => install(at + 1));
  await captureUses(storage, uses);
  let now = NOW;
  const pauses: number[] = [];
  const needs = {
    ...storage,
    clock: () => now,
    redactor,
    random: () => 0,
    logger: SILENT,
    timer: (ms: number, callback: () => void) => {
      pauses.push(ms);
      setImmediate(callback);
      return () => {};
    },
  };
  const baseUrl = provider === 'openai' ? `${url}/v1` : url;
  const ask = openModel({ provider, model: 'm', baseUrl, apiKey: 'key', timeoutMs: 1_000 });
  const prices = { inputUsdPerMillion: 1, outputUsdPerMillion: 2 };
  const distil = createDistilByModel({
    ...needs,
    model: { ask, budget, prices },
    rest: createModelRest({ clock: () => now }),
    rules: createDistilByRules({ logger: SILENT }),
  });
  const newId = createNewId({ clock: Date.now, random: Math.random, lastKey: 0 });
  const distilToolUses = createDistilToolUses({ ...needs, newId, distil });
  for (const [at, use] of uses.entries()) {
    now = NOW + (times[at] ?? 0);
    await distilToolUses([use], new AbortController().signal);
  }
  const kept = await storage.read(async ({ observations, ledger, toolUses }) => ({
    observations: await observations.list({ sessionId: SESSION, limit: 10 }),
    today: await ledger.spentOn(dayOf(NOW)),
    session: await ledger.spentIn(SESSION),
    letters: await ledger.deadLetters(null, 10),
    waiting: await toolUses.waiting(SESSION, 10),
  }));
  return { ...kept, pauses, [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose]() };
}

describe('a model that distils', () => {
  it.each(['openai', 'anthropic'] as const)(
    'makes observations over %s, and what it cost is kept',
    async (provider) => {
      await using peer = await openModelPeer([{ answer: GOOD }]);
      await using got = await distilOnce(peer.url, { provider });
      expect(got.observations).toMatchObject([{ origin: 'model', title: GOOD.observations[0]?.title }]);
      expect(got.today).toEqual({ calls: 1, inputTokens: 100, outputTokens: 20, microUsd: 140 });
      expect(got.session).toEqual(got.today);
      expect(got.letters).toEqual([]);
      expect(got.waiting).toEqual([]);
    },
  );

  const failing: readonly (readonly [string, PeerTurn, RegExp, number])[] = [
    ['an empty answer', { answer: { observations: [] } }, /empty or not of the shape/u, 3],
    ['a wrong shape', { answer: { observations: [{ ...GOOD.observations[0], uses: [7] }] } }, /shape/u, 3],
    ['garbage', { status: 200, body: '{"choices": []}' }, /shape/u, 3],
    ['an error of its own', { status: 500 }, /HTTP 500/u, 3],
    ['a wrong key', { status: 401, body: '{"error": {"message": "secret of the provider"}}' }, /HTTP 401/u, 1],
    ['no answer', 'hang', /did not answer within 1 s/u, 3],
  ];
  it.each(failing)('has rules stand in for %s, and says so', async (_what, turn, reason, calls) => {
    await using peer = await openModelPeer([turn]);
    await using got = await distilOnce(peer.url);
    expect(got.observations).toMatchObject([{ origin: 'rules' }]);
    expect(got.letters).toMatchObject([
      { reason: expect.stringMatching(reason) as string, observationIds: [got.observations[0]?.id] },
    ]);
    expect(peer.bodies).toHaveLength(calls);
    expect(got.waiting).toEqual([]);
  });

  it('has rules stand in when nobody listens', async () => {
    const gone = await openModelPeer([]);
    await gone[Symbol.asyncDispose]();
    await using got = await distilOnce(gone.url);
    expect(got.letters).toMatchObject([{ reason: 'The model could not be reached, or broke off.' }]);
  });

  it('is left alone for a while after it was down, with a dead letter for each stretch', async () => {
    await using peer = await openModelPeer([{ status: 503 }, { status: 503 }, { status: 503 }, { answer: GOOD }]);
    await using got = await distilOnce(peer.url, { times: [0, 1, MODEL_REST_MS - 1, MODEL_REST_MS] });
    expect(peer.bodies).toHaveLength(4);
    expect(got.pauses).toHaveLength(2);
    expect(got.letters.map(({ reason }) => reason)).toEqual([
      'The model answered with HTTP 503.',
      'The model was down, and is left alone for a while: The model answered with HTTP 503.',
      'The model was down, and is left alone for a while: The model answered with HTTP 503.',
    ]);
    expect(got.observations.map(({ origin }) => origin).sort()).toEqual(['model', 'rules', 'rules', 'rules']);
  });

  it.each([
    ['a clock that was set back', { status: 503 }, [0, -1]],
    ['a wrong key', { status: 401 }, [0, 1]],
    ['a wrong answer', { answer: {} }, [0, 1]],
  ] as const)('is not left alone for %s', async (_what, turn, times) => {
    await using peer = await openModelPeer([turn]);
    await using got = await distilOnce(peer.url, { times });
    expect(peer.bodies).toHaveLength('status' in turn && turn.status === 401 ? 2 : 6);
    expect(got.letters).toHaveLength(2);
  });

  it('has its words redacted before they are kept', async () => {
    const secret = ['ghp_', 'A1b2C3d4E5'.repeat(4).slice(0, 36)].join('');
    // So long that the cut runs through a secret that was not taken out before.
    const long = `${'x '.repeat(50)}${secret}`;
    const said = {
      ...GOOD.observations[0],
      title: long,
      narrative: `It is ${secret}. <private>quiet</private>`,
      facts: [secret],
      concepts: [secret],
      filesRead: [`src/${secret}`],
      filesModified: [secret],
    };
    await using peer = await openModelPeer([{ answer: { observations: [said] } }]);
    await using got = await distilOnce(peer.url);
    expect(got.observations).toMatchObject([{ origin: 'model', facts: ['[redacted:github-token]'] }]);
    const kept = JSON.stringify(got.observations);
    expect(kept).not.toContain('quiet');
    expect(kept).not.toContain(secret.slice(0, 8));
  });

  const bare = (provider: Provider, usage: object) =>
    JSON.stringify(
      provider === 'openai'
        ? { choices: [{ message: { content: JSON.stringify(GOOD) } }], ...usage }
        : { content: [{ type: 'tool_use', name: 'record', input: GOOD }], ...usage },
    );
  it.each([
    ['openai', {}],
    ['openai', { usage: { prompt_tokens: 0, completion_tokens: 0 } }],
    ['openai', { usage: null }],
    ['anthropic', {}],
    ['anthropic', { usage: { input_tokens: 0, output_tokens: 0 } }],
  ] as const)('counts a high estimate where %s says %j of its usage', async (provider, usage) => {
    const body = bare(provider, usage);
    await using peer = await openModelPeer([{ status: 200, body }]);
    await using got = await distilOnce(peer.url, { provider });
    expect(got.observations).toMatchObject([{ origin: 'model' }]);
    expect(got.today.outputTokens).toBe(Math.ceil(body.length / 3));
    const sent = JSON.parse(peer.bodies[0] ?? '') as { messages: { content: string }[]; system?: string };
    const prompt = sent.messages.reduce((sum, { content }) => sum + content.length, sent.system?.length ?? 0);
    expect(got.today.inputTokens).toBeGreaterThanOrEqual(Math.ceil(prompt / 3));
  });

  it('is held to its budget though it never says what it took', async () => {
    await using peer = await openModelPeer([{ status: 200, body: bare('openai', { thought: 'x'.repeat(6_000) }) }]);
    // Enough for the first call at its dearest, not for another beside what the first took.
    await using got = await distilOnce(peer.url, { budget: { sessionTokens: 6_000 }, times: [0, 1, 2] });
    expect(peer.bodies).toHaveLength(1);
    expect(got.observations.map(({ origin }) => origin).sort()).toEqual(['model', 'rules', 'rules']);
  });

  it.each([
    ['openai', '{"usage": {"prompt_tokens": 7, "completion_tokens": 5}}'],
    ['openai', '{"choices": null, "usage": {"prompt_tokens": 7, "completion_tokens": 5}}'],
    ['openai', '{"choices": [{}], "usage": {"prompt_tokens": 7, "completion_tokens": 5}}'],
    ['anthropic', '{"usage": {"input_tokens": 7, "output_tokens": 5}}'],
    ['anthropic', '{"content": "x", "usage": {"input_tokens": 7, "output_tokens": 5}}'],
  ] as const)('%s answers wrongly with %s, which costs what it says', async (provider, body) => {
    await using peer = await openModelPeer([{ status: 200, body }]);
    await using got = await distilOnce(peer.url, { provider });
    expect(got.letters).toMatchObject([{ reason: expect.stringMatching(/not of the shape/u) as string }]);
    expect(got.today).toMatchObject({ calls: 3, inputTokens: 21, outputTokens: 15 });
  });

  it.each(['null', '[]', '"text"', '<html>', ''])('answers wrongly with %j', async (body) => {
    await using peer = await openModelPeer([{ status: 200, body }]);
    await using got = await distilOnce(peer.url);
    expect(got.letters).toMatchObject([{ reason: expect.stringMatching(/not of the shape/u) as string }]);
    expect(got.today.inputTokens).toBeGreaterThan(0);
  });

  it('waits for as long as the model asks, and then goes on', async () => {
    await using peer = await openModelPeer([{ status: 429, headers: { 'retry-after': '7' } }, { answer: GOOD }]);
    await using got = await distilOnce(peer.url);
    expect(got.pauses).toEqual([7_000]);
    expect(got.observations).toMatchObject([{ origin: 'model' }]);
  });

  it.each([{ dailyTokens: 4_000 }, { sessionTokens: 4_000 }, { dailyUsd: 0.000_001 }])(
    'is not called when %j does not allow for the call',
    async (budget) => {
      await using peer = await openModelPeer([{ answer: GOOD }]);
      await using got = await distilOnce(peer.url, { budget });
      expect(peer.bodies).toEqual([]);
      expect(got.observations).toMatchObject([{ origin: 'rules' }]);
      expect(got.letters).toEqual([]);
    },
  );
});
