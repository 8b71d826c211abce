import { describe, expect, it } from 'vitest';
import { forgetObservation, type KeptObservation } from '../../../src/domain/observation/observation.js';
import type { ObservationFilter } from '../../../src/domain/observation/observation-repository.js';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
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

const ELSEWHERE = { workspaceId: OTHER_WORKSPACE, sessionId: OTHER_SESSION };

describe.each(STORAGES)('observations in $name', ({ open }) => {
  async function holding(...kept: KeptObservation[]) {
    const storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    await storage.transaction(async ({ observations }) => {
      for (const one of kept) await observations.insert(one);
    });
    return storage;
  }

  async function numbers({ read }: OpenedStorage, filter: Partial<ObservationFilter> = {}): Promise<string[]> {
    const list = await read(({ observations }) => observations.list({ limit: 10, ...filter }));
    return list.map(({ title }) => title.replace('Fixed number ', ''));
  }

  it('come back as they were recorded', async () => {
    const all = [observation(1), observation(2, { sessionId: null, turn: null, pinned: true, type: 'note' })];
    await using storage = await holding(...all);
    const ids = all.map(({ id }) => id);
    expect(await storage.read(({ observations }) => observations.getMany(ids))).toEqual(all);
    expect(await storage.read(({ observations }) => observations.get(observation(1).id))).toEqual(all[0]);
    await expect(storage.read(({ observations }) => observations.get(observation(9).id))).rejects.toThrow(
      'There is no observation',
    );
  });

  it('are listed newest first, by workspaces, session and types, page by page', async () => {
    await using storage = await holding(
      observation(1),
      observation(2, ELSEWHERE),
      observation(3, { type: 'test' }),
      observation(4),
      observation(5, { ...ELSEWHERE, type: 'note' }),
    );
    expect(await numbers(storage)).toEqual(['5', '4', '3', '2', '1']);
    expect(await numbers(storage, { limit: 2, before: observation(4).id })).toEqual(['3', '2']);
    expect(await numbers(storage, { workspaceIds: [WORKSPACE] })).toEqual(['4', '3', '1']);
    expect(await numbers(storage, { workspaceIds: [WORKSPACE, OTHER_WORKSPACE], limit: 3 })).toEqual(['5', '4', '3']);
    expect(await numbers(storage, { workspaceIds: [] })).toEqual([]);
    expect(await numbers(storage, { sessionId: OTHER_SESSION })).toEqual(['5', '2']);
    expect(await numbers(storage, { sessionId: SESSION, workspaceIds: [OTHER_WORKSPACE] })).toEqual([]);
    expect(await numbers(storage, { types: ['test', 'note'] })).toEqual(['5', '3']);
    expect(await numbers(storage, { types: ['fix'], workspaceIds: [OTHER_WORKSPACE] })).toEqual(['2']);
  });

  it('keep their place and nothing else when they are forgotten', async () => {
    await using storage = await holding(observation(1, { pinned: true }), observation(2));
    const counted = async () => (await storage.read(({ memory }) => memory.counts())).observations;
    expect(await counted()).toBe(2);
    const { state } = forgetObservation(observation(1, { pinned: true }), NOW + 9);
    await storage.transaction(({ observations }) => observations.save(state));
    expect(await storage.read(({ observations }) => observations.get(state.id))).toEqual(state);
    expect(await numbers(storage)).toEqual(['2']);
    expect(await storage.read(({ observations }) => observations.pinned([WORKSPACE], 10))).toEqual([]);
    expect(await counted()).toBe(1);
  });

  it('can be pinned', async () => {
    await using storage = await holding(observation(1), observation(2), observation(3, { ...ELSEWHERE, pinned: true }));
    const pinned = observation(1, { pinned: true });
    await storage.transaction(({ observations }) => observations.save(pinned));
    const list = (...workspaces: (typeof WORKSPACE)[]) =>
      storage.read(({ observations }) => observations.pinned(workspaces, 10));
    expect(await list(WORKSPACE)).toEqual([pinned]);
    expect(await list(WORKSPACE, OTHER_WORKSPACE)).toEqual([observation(3, { ...ELSEWHERE, pinned: true }), pinned]);
  });
});
