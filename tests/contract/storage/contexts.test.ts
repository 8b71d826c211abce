import { describe, expect, it } from 'vitest';
import type { HandedContext } from '../../../src/domain/context/handed-context.js';
import { STORAGES } from '../../support/storage.js';
import {
  addSessions,
  addWorkspaces,
  NOW,
  OTHER_SESSION,
  OTHER_WORKSPACE,
  observation,
  SESSION,
  WORKSPACE,
} from '../../support/storage-samples.js';

describe.each(STORAGES)('what sessions were handed in $name', ({ open }) => {
  it('comes back in order, for its session alone, and goes with it', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    const one: HandedContext = { sessionId: SESSION, at: NOW, tokens: 10, observationIds: [observation(1).id] };
    const two: HandedContext = { sessionId: SESSION, at: NOW + 1, tokens: 20, observationIds: [] };
    await storage.transaction(async ({ contexts }) => {
      await contexts.insert(one);
      await contexts.insert({ ...one, sessionId: OTHER_SESSION });
      await contexts.insert(two);
    });
    expect(await storage.read(({ contexts }) => contexts.list(SESSION, 10))).toEqual([one, two]);
    expect(await storage.read(({ contexts }) => contexts.list(SESSION, 1))).toEqual([one]);
    await storage.transaction(({ contexts }) => contexts.removeOf(SESSION));
    expect(await storage.read(({ contexts }) => contexts.list(SESSION, 10))).toEqual([]);
    expect(await storage.read(({ contexts }) => contexts.list(OTHER_SESSION, 10))).toHaveLength(1);
  });

  it('can be told the last summaries of some workspaces, newest first', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    const elsewhere = { workspaceId: OTHER_WORKSPACE, sessionId: OTHER_SESSION };
    const all = [
      observation(1, { type: 'summary' }),
      observation(2),
      observation(3, { type: 'summary', ...elsewhere }),
      observation(4, { type: 'summary' }),
    ];
    await storage.transaction(async ({ observations }) => {
      for (const one of all) await observations.insert(one);
    });
    const last = (limit: number, ...places: (typeof WORKSPACE)[]) =>
      storage.read(({ observations }) => observations.lastSummaries(places, limit));
    expect(await last(10, WORKSPACE)).toEqual([all[3], all[0]]);
    expect(await last(2, WORKSPACE, OTHER_WORKSPACE)).toEqual([all[3], all[2]]);
  });
});
