import { describe, expect, it } from 'vitest';
import { followLog } from '../../../src/application/event/follow-log.js';
import type { EventType } from '../../../src/domain/event/event.js';
import { parseSummary } from '../../../src/domain/summary/summary.js';
import { answer, captureUses, install, openDistilQueue } from '../../support/distil-queue.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import {
  addSessions,
  addWorkspaces,
  OTHER_SESSION,
  observation,
  prompt,
  SESSION,
} from '../../support/storage-samples.js';

describe.each(STORAGES)('summaries on $name', ({ open }) => {
  async function opened() {
    const storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    return storage;
  }

  const summaries = ({ read }: OpenedStorage, sessionId = SESSION) =>
    read(({ observations }) => observations.list({ sessionId, types: ['summary'], limit: 10 }));
  const due = ({ read }: OpenedStorage) => read(({ dueSummaries }) => dueSummaries.list(null, 10));
  const ask = ({ transaction }: OpenedStorage, n: number) => transaction(({ prompts }) => prompts.insert(prompt(n)));

  async function count({ eventLog }: OpenedStorage, type: EventType): Promise<number> {
    return (await eventLog.after(0, 1_000)).filter((event) => event.type === type).length;
  }

  /** Resolves once this many events of a type are in the log. */
  async function heard({ eventLog }: OpenedStorage, type: EventType, wanted: number): Promise<void> {
    let seen = 0;
    for await (const event of followLog({ eventLog, clock: Date.now }, 0, new AbortController().signal)) {
      if (event.type === type) seen += 1;
      if (seen === wanted) return;
    }
  }

  it('are due once marked, until they are made; a mark in between stays', async () => {
    await using storage = await opened();
    const { transaction, read } = storage;
    await transaction(async ({ dueSummaries }) => {
      await dueSummaries.mark(OTHER_SESSION);
      await dueSummaries.mark(SESSION);
      await dueSummaries.mark(SESSION);
      expect(await dueSummaries.markOf(SESSION)).toBe(2);
    });
    expect(await due(storage)).toEqual([SESSION, OTHER_SESSION]);
    expect(await read(({ dueSummaries }) => dueSummaries.list(SESSION, 10))).toEqual([OTHER_SESSION]);
    expect(await read(({ dueSummaries }) => dueSummaries.list(null, 1))).toEqual([SESSION]);
    expect(await transaction(({ dueSummaries }) => dueSummaries.clear(SESSION, 1))).toBe(false);
    expect(await transaction(({ dueSummaries }) => dueSummaries.clear(SESSION, 2))).toBe(true);
    expect(await transaction(({ dueSummaries }) => dueSummaries.clear(SESSION, 2))).toBe(false);
    expect(await read(({ dueSummaries }) => dueSummaries.markOf(SESSION))).toBeUndefined();
    expect(await due(storage)).toEqual([OTHER_SESSION]);
  });

  it('are read back: the newest of a session, and the last that was said in it', async () => {
    await using storage = await opened();
    await storage.transaction(async ({ observations, prompts }) => {
      await observations.insert(observation(51, { type: 'summary' }));
      await observations.insert(observation(52, { type: 'summary' }));
      await observations.insert(observation(53));
      for (const n of [1, 2, 3]) await prompts.insert(prompt(n));
    });
    const { read } = storage;
    expect(await read(({ observations }) => observations.summaryOf(SESSION))).toMatchObject({ id: observation(52).id });
    expect(await read(({ observations }) => observations.summaryOf(OTHER_SESSION))).toBeUndefined();
    expect(await read(({ prompts }) => prompts.newest(SESSION, 2))).toEqual([prompt(2), prompt(3)]);
  });

  it('are made at the end of a turn, after what was captured of it is distilled; the next takes its place', async () => {
    await using storage = await opened();
    await using opening = await openDistilQueue(storage);
    for (const n of [1, 2]) {
      await ask(storage, n);
      await captureUses(storage, [install(n, { turn: `turn-${n}` })]);
      await answer(storage, 100 + n, { number: n, turn: `turn-${n}` });
      opening.summaries.turnEnded(SESSION);
      await opening.queue.turnEnded(SESSION);
      await heard(storage, 'session.summarized', n);
      const [summary, ...others] = await summaries(storage);
      expect(others).toEqual([]);
      expect(summary).toMatchObject({ origin: 'rules', title: 'Session: claude', pinned: false, facts: [] });
      expect(parseSummary(summary?.narrative ?? '')).toEqual({
        asked: ['Do number 1.', 'Do number 2.'].slice(0, n),
        found: [],
        done: ['Installed pkg-1', 'Installed pkg-2'].slice(0, n),
        open: [],
      });
    }
    expect(await count(storage, 'observation.forgotten')).toBe(1);
    expect(await due(storage)).toEqual([]);
  });

  it('are made once, and not again when there is no news; one that was imported stays', async () => {
    await using storage = await opened();
    await storage.transaction(({ observations }) =>
      observations.insert(observation(51, { type: 'summary', origin: 'import' })),
    );
    await ask(storage, 1);
    await answer(storage, 101, { number: 1 });
    await using opening = await openDistilQueue(storage);
    await Promise.all([opening.makeSummary(SESSION), opening.makeSummary(SESSION)]);
    await storage.transaction(({ dueSummaries }) => dueSummaries.mark(SESSION));
    await opening.makeSummary(SESSION);
    expect((await summaries(storage)).map(({ origin }) => origin)).toEqual(['rules', 'import']);
    expect(await count(storage, 'session.summarized')).toBe(1);
    expect(await due(storage)).toEqual([]);
  });

  it('are made by the next server when one was killed before, and not while something waits to be distilled', async () => {
    await using storage = await opened();
    await ask(storage, 1);
    await captureUses(storage, [install(1)]);
    await answer(storage, 101, { number: 1 });
    await using opening = await openDistilQueue(storage);
    await opening.summaries.catchUp(opening.scope.signal);
    expect(await summaries(storage)).toEqual([]);
    await opening.queue.catchUp(opening.scope.signal);
    await opening.summaries.catchUp(opening.scope.signal);
    await heard(storage, 'session.summarized', 1);
    expect(parseSummary((await summaries(storage))[0]?.narrative ?? '')?.done).toEqual(['Installed pkg-1']);
  });

  it('are gone when all that they told is gone, and none is made of nothing', async () => {
    await using storage = await opened();
    await ask(storage, 1);
    await answer(storage, 101, { number: 1 });
    await using opening = await openDistilQueue(storage);
    await opening.makeSummary(SESSION);
    expect(await summaries(storage)).toHaveLength(1);
    await storage.transaction(async ({ prompts, dueSummaries }) => {
      await prompts.remove(prompt(1).id);
      await prompts.remove(prompt(101).id);
      await dueSummaries.mark(SESSION);
      await dueSummaries.mark(OTHER_SESSION);
    });
    await opening.makeSummary(SESSION);
    await opening.makeSummary(OTHER_SESSION);
    expect(await summaries(storage)).toEqual([]);
    expect(await summaries(storage, OTHER_SESSION)).toEqual([]);
    expect(await due(storage)).toEqual([]);
  });
});
