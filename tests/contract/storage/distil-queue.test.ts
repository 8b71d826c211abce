import { describe, expect, it } from 'vitest';
import { QUIET_MS } from '../../../src/application/distil/distil-queue.js';
import { MAX_STRETCH } from '../../../src/application/distil/session-line.js';
import { followLog } from '../../../src/application/event/follow-log.js';
import type { Distil } from '../../../src/application/ports/distiller.js';
import { distilByRules } from '../../../src/domain/distil/distil-by-rules.js';
import type { EventType } from '../../../src/domain/event/event.js';
import { promptSession } from '../../../src/domain/session/session-transitions.js';
import { captureUses, install, openDistilQueue } from '../../support/distil-queue.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import { addSessions, addWorkspaces, NOW, OTHER_SESSION, prompt, SESSION } from '../../support/storage-samples.js';

describe.each(STORAGES)('the distil queue on $name', ({ open }) => {
  async function opened() {
    const storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    return storage;
  }

  const made = ({ read }: OpenedStorage, sessionId = SESSION) =>
    read(async ({ observations }) => (await observations.list({ sessionId, limit: 200 })).reverse());
  const waiting = async ({ read }: OpenedStorage) => (await read(({ memory }) => memory.counts())).waiting;

  /** Resolves once this many events of a type are in the log. */
  async function heard({ eventLog }: OpenedStorage, type: EventType, count: number): Promise<void> {
    const stop = new AbortController();
    let seen = 0;
    for await (const event of followLog({ eventLog, clock: Date.now }, 0, stop.signal)) {
      if (event.type === type) seen += 1;
      if (seen === count) return;
    }
  }

  async function say({ transaction }: OpenedStorage, text: string): Promise<void> {
    await transaction(async ({ sessions, events }) => {
      const { state, events: facts } = promptSession(await sessions.get(SESSION), text, NOW);
      await sessions.save(state);
      await events.append(facts);
    });
  }

  it('distils a turn when the agent has ended it, with what was asked and who made it', async () => {
    await using storage = await opened();
    await using opening = await openDistilQueue(storage);
    await storage.transaction(({ prompts }) => prompts.insert(prompt(1, { text: 'Install a package.' })));
    await captureUses(storage, [install(1)]);
    await opening.queue.turnEnded(SESSION);
    await heard(storage, 'observation.created', 1);
    expect(await made(storage)).toMatchObject([
      {
        type: 'command',
        origin: 'rules',
        title: 'Installed pkg-1',
        turn: 'turn-1',
        toolUses: ['toolu_1'],
        narrative: expect.stringContaining('Install a package.') as string,
      },
    ]);
    expect(await waiting(storage)).toBe(0);
  });

  it('waits for the end of the turn, and not for ever: a new prompt, quiet, or many uses are an end too', async () => {
    await using storage = await opened();
    await using opening = await openDistilQueue(storage);
    await captureUses(storage, [install(1)]);
    await say(storage, 'And now?');
    await heard(storage, 'observation.created', 1);

    await captureUses(storage, [install(2)]);
    await heard(storage, 'processing.changed', 2);
    expect(await made(storage)).toHaveLength(1);
    // The follower has heard of it when its timer is set.
    while (opening.time.pending() === 0) await new Promise(setImmediate);
    opening.time.advance(QUIET_MS - 1);
    expect(await made(storage)).toHaveLength(1);
    opening.time.advance(1);
    await heard(storage, 'observation.created', 2);

    await captureUses(
      storage,
      Array.from({ length: MAX_STRETCH }, (_, n) => install(n + 10)),
    );
    await heard(storage, 'observation.created', 2 + MAX_STRETCH);
    expect(await waiting(storage)).toBe(0);
    expect(opening.time.pending()).toBe(0);
  });

  it('keeps the order, mixes no turns, and tells when it begins and ends', async () => {
    await using storage = await opened();
    const stretches: string[][] = [];
    const distil: Distil = async (stretch) => {
      stretches.push(stretch.toolUses.map(({ toolUseId }) => toolUseId));
      return { origin: 'rules', observations: distilByRules(stretch) };
    };
    await using opening = await openDistilQueue(storage, distil);
    await captureUses(storage, [install(1), install(2), install(3, { turn: 'turn-2' }), install(4, { turn: null })]);
    await opening.queue.turnEnded(SESSION);
    await heard(storage, 'processing.changed', 2);
    expect(stretches).toEqual([['toolu_1', 'toolu_2'], ['toolu_3'], ['toolu_4']]);
    expect((await made(storage)).map(({ title }) => title)).toEqual([1, 2, 3, 4].map((n) => `Installed pkg-${n}`));
    const events = await storage.eventLog.after(0, 100);
    const told = events.filter(({ type }) => type === 'processing.changed');
    expect(told.map(({ data, sessionId }) => [data['processing'], sessionId])).toEqual([
      [true, SESSION],
      [false, SESSION],
    ]);
  });

  it('goes on where another server stopped', async () => {
    await using storage = await opened();
    await captureUses(storage, [install(1), install(2, { sessionId: OTHER_SESSION })]);
    await using opening = await openDistilQueue(storage);
    await opening.queue.catchUp(opening.scope.signal);
    expect(await made(storage)).toHaveLength(1);
    expect(await made(storage, OTHER_SESSION)).toHaveLength(1);
    await opening.queue.catchUp(opening.scope.signal);
    expect(await made(storage)).toHaveLength(1);
  });

  it('makes nothing of what was taken out while it was distilled', async () => {
    await using storage = await opened();
    const distil: Distil = async (stretch) => {
      await storage.transaction(({ toolUses }) => toolUses.remove(SESSION, ['toolu_1']));
      return { origin: 'rules', observations: distilByRules(stretch) };
    };
    await captureUses(storage, [install(1), install(2)]);
    await using opening = await openDistilQueue(storage, distil);
    await opening.queue.catchUp(opening.scope.signal);
    expect((await made(storage)).map(({ title }) => title)).toEqual(['Installed pkg-2']);
  });

  it('can be called off: what was not distilled waits', async () => {
    await using storage = await opened();
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const distil: Distil = (_stretch, _session, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        begin();
      });
    await captureUses(storage, [install(1)]);
    {
      await using opening = await openDistilQueue(storage, distil);
      opening.queue.catchUp(opening.scope.signal).catch(() => {});
      await begun;
    }
    expect(await waiting(storage)).toBe(1);
    expect(await made(storage)).toEqual([]);
  });
});
