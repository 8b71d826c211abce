import { describe, expect, it } from 'vitest';
import { createDistilByModel } from '../../../src/application/distil/distil-by-model.js';
import { createDistilByRules } from '../../../src/application/distil/distil-by-rules.js';
import { createDistilToolUses } from '../../../src/application/distil/distil-tool-uses.js';
import type { Logger } from '../../../src/application/ports/logger.js';
import { type Budget, dayOf } from '../../../src/domain/distil/spend.js';
import { openModel } from '../../../src/infrastructure/models/open-model.js';
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

/** One stretch of one tool use, distilled over a real connection; `pauses` are those between the calls, in ms. */
async function distilOnce(
  url: string,
  { provider = 'openai', budget = {} }: { readonly provider?: Provider; readonly budget?: Budget } = {},
) {
  const [{ open }] = STORAGES.filter(({ name }) => name.includes('SQLite')) as [(typeof STORAGES)[number]];
  const storage = await open();
  await addWorkspaces(storage);
  await addSessions(storage);
  const use = install(1);
  await captureUses(storage, [use]);
  const pauses: number[] = [];
  const needs = {
    ...storage,
    clock: () => NOW,
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
    rules: createDistilByRules({ logger: SILENT }),
  });
  const newId = createNewId({ clock: Date.now, random: Math.random, lastKey: 0 });
  const distilToolUses = createDistilToolUses({ ...needs, newId, distil });
  await distilToolUses([use], new AbortController().signal);
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
