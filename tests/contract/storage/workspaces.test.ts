import { describe, expect, it } from 'vitest';
import { encodeId } from '../../../src/domain/shared/id.js';
import { removeWorkspace, restoreWorkspace } from '../../../src/domain/workspace/workspace.js';
import { STORAGES } from '../../support/storage.js';
import { NOW, workspace } from '../../support/storage-samples.js';

describe.each(STORAGES)('workspaces in $name', ({ open }) => {
  it('are found by id and by path, also when they are removed, and only active ones are listed', async () => {
    await using storage = await open();
    const made = [1, 2, 3].map((n) => workspace(encodeId('workspace', n), `/number-${String(n)}`));
    const [first, second, third] = made;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    await storage.transaction(async ({ workspaces }) => {
      for (const each of made) await workspaces.insert(each);
    });
    const removed = removeWorkspace(second, NOW + 1).state;
    await storage.transaction(({ workspaces }) => workspaces.save(removed));
    const list = (filter: { before?: typeof first.id; limit: number }) =>
      storage.read(({ workspaces }) => workspaces.list(filter));
    expect(await list({ limit: 10 })).toEqual([third, first]);
    expect(await list({ limit: 1 })).toEqual([third]);
    expect(await list({ before: third.id, limit: 10 })).toEqual([first]);
    expect(await storage.read(({ workspaces }) => workspaces.get(second.id))).toEqual(removed);
    expect(await storage.read(({ workspaces }) => workspaces.findByPath('/number-2'))).toEqual(removed);
    expect(await storage.transaction(({ workspaces }) => workspaces.findByPath('/nowhere'))).toBeUndefined();

    const back = restoreWorkspace(removed, NOW + 2).state;
    await storage.transaction(({ workspaces }) => workspaces.save(back));
    expect(await list({ limit: 10 })).toEqual([third, back, first]);
    expect(await storage.transaction(({ workspaces }) => workspaces.list({ limit: 10 }))).toHaveLength(3);
  });

  it('have a path each', async () => {
    await using storage = await open();
    const insert = (n: number) =>
      storage.transaction(({ workspaces }) => workspaces.insert(workspace(encodeId('workspace', n), '/same')));
    await insert(1);
    await expect(insert(2)).rejects.toMatchObject({ code: 'conflict', message: '/same is a workspace already.' });
  });

  it('that are not there are not found', async () => {
    await using storage = await open();
    const unknown = workspace(encodeId('workspace', 404), '/nowhere');
    const missing = { code: 'not_found', message: `There is no workspace ${unknown.id}.` };
    await expect(storage.read(({ workspaces }) => workspaces.get(unknown.id))).rejects.toMatchObject(missing);
    await expect(storage.transaction(({ workspaces }) => workspaces.get(unknown.id))).rejects.toMatchObject(missing);
    await expect(storage.transaction(({ workspaces }) => workspaces.save(unknown))).rejects.toMatchObject(missing);
  });
});
