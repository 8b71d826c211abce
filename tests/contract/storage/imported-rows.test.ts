import { describe, expect, it } from 'vitest';
import { encodeId } from '../../../src/domain/shared/id.js';
import { keyAt } from '../../../src/domain/shared/key-at.js';
import { STORAGES } from '../../support/storage.js';
import { addSessions, addWorkspaces, NOW, observation } from '../../support/storage-samples.js';

describe.each(STORAGES)('imported rows in $name', ({ open }) => {
  it('are known by their name, with a key of their moment that nothing else has', async () => {
    await using storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    const taken = encodeId('obs', keyAt(NOW));
    await storage.transaction(async ({ observations, importedRows }) => {
      await observations.insert({ ...observation(1), id: taken });
      expect(await importedRows.has('a:1')).toBe(false);
      expect(await importedRows.give('a:1', NOW)).toBe(keyAt(NOW) + 1);
    });
    await storage.transaction(async ({ importedRows }) => {
      expect(await importedRows.has('a:1')).toBe(true);
      // The samples have the keys 1 and 2.
      expect(await importedRows.give('a:2', 0)).toBe(3);
    });
  });

  it('are forgotten with a transaction that fails', async () => {
    await using storage = await open();
    const failing = storage.transaction(async ({ importedRows }) => {
      await importedRows.give('a:1', NOW);
      throw new Error('not now');
    });
    await expect(failing).rejects.toThrow('not now');
    expect(await storage.transaction(({ importedRows }) => importedRows.has('a:1'))).toBe(false);
  });
});
