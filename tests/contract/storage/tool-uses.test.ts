import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OpenedStorage, STORAGES } from '../../support/storage.js';
import { addSessions, addWorkspaces, NOW, OTHER_SESSION, SESSION, toolUse } from '../../support/storage-samples.js';

describe.each(STORAGES)('tool uses in $name', ({ open }) => {
  async function opened() {
    const storage = await open();
    await addWorkspaces(storage);
    await addSessions(storage);
    return storage;
  }

  const waiting = ({ read }: OpenedStorage, limit = 10) => read(({ toolUses }) => toolUses.waiting(SESSION, limit));
  const counted = async ({ read }: OpenedStorage) => (await read(({ memory }) => memory.counts())).waiting;

  it('wait in the order in which they came, each as it came', async () => {
    await using storage = await opened();
    const uses = [
      toolUse(2),
      toolUse(1, { outcome: 'failed', subagent: 'a1', result: '', resultOmitted: 7, durationMs: null, cwd: null }),
    ];
    await storage.transaction(async ({ toolUses }) => {
      for (const use of uses) expect(await toolUses.insert(use)).toBe(true);
    });
    expect(await waiting(storage)).toEqual(uses);
    expect(await waiting(storage, 1)).toEqual(uses.slice(0, 1));
    expect(await storage.read(({ toolUses }) => toolUses.getMany(SESSION, ['toolu_1', 'no', 'toolu_2']))).toEqual(uses);
  });

  it('count once, as they came first, in their session', async () => {
    await using storage = await opened();
    await storage.transaction(({ toolUses }) => toolUses.insert(toolUse(1)));
    const again = await storage.transaction(({ toolUses }) => toolUses.insert(toolUse(1, { result: 'another' })));
    expect(again).toBe(false);
    const elsewhere = toolUse(1, { sessionId: OTHER_SESSION });
    expect(await storage.transaction(({ toolUses }) => toolUses.insert(elsewhere))).toBe(true);
    expect(await waiting(storage)).toEqual([toolUse(1)]);
    expect(await counted(storage)).toBe(2);
  });

  it('wait no longer once distilled, and again when put back', async () => {
    await using storage = await opened();
    await storage.transaction(async ({ toolUses }) => {
      for (const n of [1, 2, 3]) await toolUses.insert(toolUse(n));
    });
    await storage.transaction(({ toolUses }) => toolUses.distilled(SESSION, ['toolu_1', 'toolu_3', 'no'], NOW));
    expect(await waiting(storage)).toEqual([toolUse(2)]);
    expect(await storage.read(({ toolUses }) => toolUses.getMany(SESSION, ['toolu_1']))).toEqual([
      toolUse(1, { distilledAt: NOW }),
    ]);
    await storage.transaction(({ toolUses }) => toolUses.requeue(SESSION, ['toolu_3']));
    expect(await waiting(storage)).toEqual([toolUse(2), toolUse(3)]);
    await storage.transaction(({ toolUses }) => toolUses.remove(SESSION, ['toolu_2', 'toolu_1']));
    expect(await waiting(storage)).toEqual([toolUse(3)]);
    expect(await counted(storage)).toBe(1);
  });

  it('lose their texts when they were distilled long ago, and stay known', async () => {
    await using storage = await opened();
    const uses = [toolUse(1, { distilledAt: NOW }), toolUse(2, { distilledAt: NOW + 5 }), toolUse(3)];
    await storage.transaction(async ({ toolUses }) => {
      for (const use of uses) await toolUses.insert(use);
    });
    const drop = (n: number) =>
      storage.transaction(({ toolUses }) => toolUses.dropText(SESSION, `toolu_${String(n)}`, NOW + 5));
    expect([await drop(1), await drop(2), await drop(3), await drop(4), await drop(1)]).toEqual([
      ...[true, false, false, false, false],
    ]);
    const there = await storage.read(({ toolUses }) => toolUses.getMany(SESSION, ['toolu_1', 'toolu_2', 'toolu_3']));
    expect(there).toEqual([{ ...toolUse(1, { distilledAt: NOW }), input: '', result: '' }, ...uses.slice(1)]);
    expect(await storage.transaction(({ toolUses }) => toolUses.insert(toolUse(1)))).toBe(false);
    await storage.transaction(({ toolUses }) => toolUses.blank(SESSION, ['toolu_1'], NOW + 9));
    expect(await waiting(storage)).toEqual(uses.slice(2));
  });

  it('are found by what they were given, and when', async () => {
    await using storage = await opened();
    const [input, name] = ['{"command":"ls"}', 'Shell'];
    await storage.transaction(async ({ toolUses }) => {
      for (const [n, at] of [1_000, 2_000, 3_000].entries()) await toolUses.insert(toolUse(n, { name, input, at }));
      await toolUses.insert(toolUse(7, { name, input: '{}', at: 2_000 }));
      await toolUses.insert(toolUse(8, { name: 'Other', input, at: 2_000 }));
      await toolUses.insert(toolUse(5, { name, input, at: 2_000 }));
      await toolUses.blank(SESSION, ['toolu_5'], NOW);
      await toolUses.insert(toolUse(9, { name, input, at: 2_000, sessionId: OTHER_SESSION }));
    });
    const wanted = { sessionId: SESSION, name, input, from: 2_000, to: 3_000 };
    const found = await storage.read(({ toolUses }) => toolUses.alike(wanted));
    expect(found.sort()).toEqual(['toolu_1', 'toolu_2', 'toolu_5']);
    const between = await storage.read(({ toolUses }) => toolUses.between(SESSION, 2_001, 3_000));
    expect(between).toEqual(['toolu_2']);
  });

  it('are counted by their names, most used first', async () => {
    await using storage = await opened();
    await storage.transaction(async ({ toolUses }) => {
      for (const n of [1, 2, 3])
        await toolUses.insert(toolUse(n, { name: 'Edit', outcome: n === 1 ? 'done' : 'denied' }));
      for (const n of [4, 5]) await toolUses.insert(toolUse(n, { name: n === 4 ? 'Read' : 'Bash' }));
      await toolUses.insert(toolUse(6, { sessionId: OTHER_SESSION }));
    });
    const counts = (limit: number) => storage.read(({ toolUses }) => toolUses.counts(SESSION, limit));
    expect(await counts(10)).toEqual([
      { name: 'Edit', uses: 3, failed: 2 },
      { name: 'Bash', uses: 1, failed: 0 },
      { name: 'Read', uses: 1, failed: 0 },
    ]);
    expect((await counts(2)).reduce((sum, { uses }) => sum + uses, 0)).toBe(2);
  });

  it('go with all of their turn', async () => {
    await using storage = await opened();
    await storage.transaction(async ({ toolUses }) => {
      for (const n of [1, 2, 3]) await toolUses.insert(toolUse(n, { turn: n === 2 ? 'turn-2' : 'turn-1' }));
      await toolUses.insert(toolUse(4, { sessionId: OTHER_SESSION }));
      await toolUses.removeTurn(SESSION, 'turn-1');
    });
    expect(await waiting(storage)).toEqual([toolUse(2, { turn: 'turn-2' })]);
    expect(await counted(storage)).toBe(2);
  });

  it('are counted as they wait, whatever happens to them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('insert', 'distilled', 'requeue', 'remove'), fc.integer({ min: 1, max: 4 }))),
        async (steps) => {
          await using storage = await opened();
          for (const [step, n] of steps) {
            await storage.transaction(async ({ toolUses }) => {
              if (step === 'insert') await toolUses.insert(toolUse(n));
              else if (step === 'distilled') await toolUses.distilled(SESSION, [`toolu_${String(n)}`], NOW);
              else await toolUses[step](SESSION, [`toolu_${String(n)}`]);
            });
          }
          expect(await counted(storage)).toBe((await waiting(storage)).length);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('tell which sessions wait', async () => {
    await using storage = await opened();
    const sessions = (after: typeof SESSION | null) =>
      storage.read(({ toolUses }) => toolUses.sessionsWaiting(after, 10));
    expect(await sessions(null)).toEqual([]);
    await storage.transaction(async ({ toolUses }) => {
      await toolUses.insert(toolUse(1, { sessionId: OTHER_SESSION }));
      for (const n of [1, 2]) await toolUses.insert(toolUse(n));
    });
    expect(await sessions(null)).toEqual([SESSION, OTHER_SESSION]);
    expect(await sessions(SESSION)).toEqual([OTHER_SESSION]);
  });
});
