import { describe, expect, it } from 'vitest';
import { decodeId } from '../../../src/domain/shared/id.js';
import { STORAGES } from '../../support/storage.js';
import { addSessions, addWorkspaces, observation } from '../../support/storage-samples.js';

const VECTOR = Float32Array.from({ length: 8 }, (_, at) => (at === 3 ? 1 : -0.5));

describe.each(STORAGES)('vectors in $name', ({ open }) => {
  it('are missing until they are stored, and go when their document is replaced or forgotten', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    const [first, second] = [observation(1), observation(2)];
    const keys = [decodeId(first.id), decodeId(second.id)];
    await storage.transaction(async ({ observations, vectors }) => {
      await observations.insert(first);
      await observations.insert(second);
      expect(await vectors.model()).toBeNull();
      await vectors.setModel({ model: 'm', dimensions: 8 });
    });
    const missing = () => storage.read(({ vectors }) => vectors.missing(0, 10));
    const before = await missing();
    expect(before).toMatchObject({ documents: keys.map((key) => ({ key, kind: 'observation' })), last: keys[1] });
    expect(await storage.read(({ vectors }) => vectors.missing(keys[0] ?? 0, 10))).toMatchObject({
      documents: [{ key: keys[1] }],
    });
    expect(await storage.read(({ vectors }) => vectors.missing(keys[1] ?? 0, 10))).toEqual({
      documents: [],
      last: null,
    });

    const stored = await storage.transaction(async ({ vectors }) => {
      const all = [];
      for (const document of before.documents) all.push(await vectors.store(document, VECTOR));
      return all;
    });
    expect(stored).toEqual([true, true]);
    expect(await missing()).toEqual({ documents: [], last: keys[1] });

    await storage.transaction(({ observations }) => observations.save({ ...first, narrative: 'Something else.' }));
    const again = await missing();
    expect(again.documents.map(({ key }) => key)).toEqual([keys[0]]);
    const [stale] = before.documents;
    const late = await storage.transaction(async ({ vectors }) => stale && vectors.store(stale, VECTOR));
    expect(late).toBe(false);
  });

  it('are removed in steps', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    await storage.transaction(async ({ observations, vectors }) => {
      for (const n of [1, 2, 3]) await observations.insert(observation(n));
      await vectors.setModel({ model: 'm', dimensions: 8 });
      for (const document of (await vectors.missing(0, 10)).documents) await vectors.store(document, VECTOR);
      expect(await vectors.clear(2)).toBe(2);
      expect(await vectors.clear(2)).toBe(1);
      expect((await vectors.missing(0, 10)).documents).toHaveLength(3);
      expect(await vectors.model()).toEqual({ model: 'm', dimensions: 8 });
    });
  });
});
