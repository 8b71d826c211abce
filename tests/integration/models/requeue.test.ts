import { expect, it } from 'vitest';
import { type AskModel, ModelFailure } from '../../../src/application/ports/ask-model.js';
import { openApplication } from '../../support/application.js';
import { captureUses, install } from '../../support/distil-queue.js';
import { addSessions, addWorkspaces, SESSION } from '../../support/storage-samples.js';

const MADE = { narrative: '', facts: [], concepts: [], filesRead: [], filesModified: [] };
const GOOD = { observations: [{ ...MADE, type: 'change', title: 'By the model', uses: [1] }] };

/** An application whose model is down until it is told to answer, and a session with two tool uses. */
async function openWithModel() {
  const model = { isDown: true, calls: 0 };
  const ask: AskModel = async () => {
    model.calls += 1;
    if (!model.isDown) return { value: GOOD, inputTokens: 1, outputTokens: 1 };
    throw new ModelFailure('The model is down.', { isFinal: false, retryAfterMs: null, mayHaveCost: false });
  };
  const opened = openApplication({ model: { ask, budget: {} } });
  await addWorkspaces(opened);
  await addSessions(opened);
  await captureUses(opened, [install(1), install(2)]);

  /** Distils what waits, a stretch for each tool use, while the test's clock passes over the pauses. */
  async function distil(): Promise<void> {
    const waiting = await opened.read(({ toolUses }) => toolUses.waiting(SESSION, 10));
    for (const use of waiting) {
      const distilled = opened.app.distilToolUses([use], opened.scope.signal).then(() => true);
      const tick = () => new Promise<boolean>((resolve) => setImmediate(resolve, false));
      while (!(await Promise.race([distilled, tick()]))) if (opened.time.pending() > 0) opened.time.advance(10_000);
    }
  }
  const look = () =>
    opened.read(async ({ observations, ledger, toolUses }) => ({
      observations: await observations.list({ sessionId: SESSION, limit: 10 }),
      letters: await ledger.countDeadLetters(),
      waiting: (await toolUses.waiting(SESSION, 10)).map(({ toolUseId }) => toolUseId),
    }));
  return { ...opened, model, distil, look };
}

it('has the model, once it is there, replace what rules made of a dead letter, without a rest first', async () => {
  await using opened = await openWithModel();
  const { app, model } = opened;
  const rung: string[] = [];
  app.requeues.onRing((sessionId) => rung.push(sessionId));
  await opened.distil();
  const before = await opened.look();
  // Three tries for the first, none for the second.
  expect(model.calls).toBe(3);
  expect(before).toMatchObject({ letters: 2, waiting: [], observations: [{ origin: 'rules' }, { origin: 'rules' }] });

  model.isDown = false;
  expect(await app.requeue({ sessionId: SESSION })).toEqual({ stretches: 2, toolUses: 2 });
  expect(rung).toEqual([SESSION]);
  expect(await opened.look()).toMatchObject({ letters: 0, observations: [], waiting: ['toolu_1', 'toolu_2'] });

  await opened.distil();
  const after = await opened.look();
  expect(model.calls).toBe(5);
  expect(after).toMatchObject({ letters: 0, waiting: [], observations: [{ origin: 'model' }, { origin: 'model' }] });
  expect(after.observations.flatMap(({ toolUses }) => toolUses).sort()).toEqual(['toolu_1', 'toolu_2']);
  expect(await app.requeue({})).toEqual({ stretches: 0, toolUses: 0 });
});

it('is a dead letter again when the model is still down', async () => {
  await using opened = await openWithModel();
  await opened.distil();
  await opened.app.requeue({});
  await opened.distil();
  expect(opened.model.calls).toBe(6);
  expect(await opened.look()).toMatchObject({ letters: 2, waiting: [] });
});
