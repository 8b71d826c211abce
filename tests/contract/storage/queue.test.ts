import { describe, expect, it } from 'vitest';
import { STORAGES } from '../../support/storage.js';

describe.each(STORAGES)('the queue in $name', ({ open }) => {
  it('is not paused at first, and remembers when it is', async () => {
    await using storage = await open();
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: false });
    await storage.transaction(async ({ queue }) => {
      await queue.save({ paused: true });
      expect(await queue.get()).toMatchObject({ paused: true });
    });
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: true });
    await storage.transaction(({ queue }) => queue.save({ paused: false }));
    expect(await storage.read(({ queue }) => queue.get())).toMatchObject({ paused: false });
  });

  it('stands beside an empty memory', async () => {
    await using storage = await open();
    expect(await storage.read(({ memory }) => memory.counts())).toEqual({ observations: 0, waiting: 0 });
  });
});
