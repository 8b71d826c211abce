import { describe, expect, it } from 'vitest';
import { STORAGES } from '../../support/storage.js';
import {
  addSessions,
  addWorkspaces,
  NOW,
  OTHER_SESSION,
  OTHER_WORKSPACE,
  prompt,
  SESSION,
} from '../../support/storage-samples.js';

describe.each(STORAGES)('prompts in $name', ({ open }) => {
  async function opened() {
    const storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    return storage;
  }

  it('come back as they were said, in the order asked for', async () => {
    await using storage = await opened();
    const said = [prompt(1), prompt(2, { who: 'agent', turn: null, text: 'Done. 🎉' })];
    await storage.transaction(async ({ prompts }) => {
      for (const one of said) await prompts.insert(one);
    });
    const ids = [said[1]?.id, prompt(99).id, said[0]?.id].filter((id) => id !== undefined);
    expect(await storage.read(({ prompts }) => prompts.getMany(ids))).toEqual(said.toReversed());
  });

  it('are listed by session, in the order in which they were said, page by page', async () => {
    await using storage = await opened();
    const elsewhere = prompt(3, { sessionId: OTHER_SESSION, workspaceId: OTHER_WORKSPACE });
    await storage.transaction(async ({ prompts }) => {
      for (const one of [prompt(4), prompt(1), elsewhere, prompt(2)]) await prompts.insert(one);
    });
    const list = (after: number, limit: number) =>
      storage.read(({ prompts }) => prompts.list({ sessionId: SESSION, after: prompt(after).id, limit }));
    expect(await list(0, 2)).toEqual([prompt(1), prompt(2)]);
    expect(await list(2, 2)).toEqual([prompt(4)]);
  });

  it('count once for each turn and speaker', async () => {
    await using storage = await opened();
    const answer = prompt(2, { turn: 'turn-1', who: 'agent' });
    await storage.transaction(async ({ prompts }) => {
      await prompts.insert(prompt(1));
      await prompts.insert(answer);
    });
    await expect(storage.transaction(({ prompts }) => prompts.insert(prompt(3, { turn: 'turn-1' })))).rejects.toThrow();
    const found = await storage.read(({ prompts }) => prompts.findByTurn(SESSION, 'turn-1', 'agent'));
    expect(found).toEqual(answer);
    expect(await storage.read(({ prompts }) => prompts.findByTurn(SESSION, 'turn-9', 'agent'))).toBeUndefined();
  });

  it('tell what began the last turn', async () => {
    await using storage = await opened();
    const last = (at = NOW + 99) => storage.transaction(({ prompts }) => prompts.lastAsked(SESSION, at));
    expect(await last()).toBeUndefined();
    const elsewhere = prompt(9, { sessionId: OTHER_SESSION, workspaceId: OTHER_WORKSPACE });
    await storage.transaction(async ({ prompts }) => {
      for (const one of [prompt(1), prompt(2, { who: 'system' }), prompt(3, { who: 'agent' }), elsewhere]) {
        await prompts.insert(one);
      }
    });
    expect(await last()).toEqual(prompt(2, { who: 'system' }));
    expect(await storage.read(({ prompts }) => prompts.lastAsked(SESSION, NOW + 2))).toEqual(
      prompt(2, { who: 'system' }),
    );
    expect(await last(NOW + 1)).toEqual(prompt(1));
    expect(await last(NOW)).toBeUndefined();
  });

  it('take another text, and can be removed', async () => {
    await using storage = await opened();
    await storage.transaction(({ prompts }) => prompts.insert(prompt(1)));
    await storage.transaction(({ prompts }) => prompts.save(prompt(1, { text: 'Said anew.', at: 5 })));
    const read = () => storage.read(({ prompts }) => prompts.getMany([prompt(1).id]));
    expect(await read()).toEqual([prompt(1, { text: 'Said anew.', at: 5 })]);
    await storage.transaction(({ prompts }) => prompts.remove(prompt(1).id));
    expect(await read()).toEqual([]);
    await expect(storage.transaction(({ prompts }) => prompts.save(prompt(1)))).rejects.toThrow('There is no prompt');
  });
});
