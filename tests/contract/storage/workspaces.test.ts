import { describe, expect, it } from 'vitest';
import { encodeId } from '../../../src/domain/shared/id.js';
import {
  NO_GIT,
  noticeWorkspace,
  removeWorkspace,
  restoreWorkspace,
  scanWorkspace,
} from '../../../src/domain/workspace/workspace.js';
import { MAX_SAME_REPOSITORY } from '../../../src/domain/workspace/workspace-repository.js';
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

  it('keep what git says of them, and are found by their repository', async () => {
    await using storage = await open();
    const git = { repository: 'github.com/me/project', branch: 'main', head: 'abc', dirty: true };
    const ids = [1, 2, 3, 4, 5].map((n) => encodeId('workspace', n));
    const [main, worktree, other, alone, removed] = ids.map((id) => workspace(id, `/${id}`));
    if (!main || !worktree || !other || !alone || !removed) throw new Error();
    const scanned = noticeWorkspace(scanWorkspace(main, git, NOW + 1).state, 'Too many files.', NOW).state;
    const states = [
      scanned,
      scanWorkspace(worktree, { ...git, branch: null, dirty: false }, NOW + 2).state,
      scanWorkspace(other, { ...git, repository: 'github.com/me/other' }, NOW + 2).state,
      scanWorkspace(alone, NO_GIT, NOW + 2).state,
      removeWorkspace(scanWorkspace(removed, git, NOW).state, NOW + 1).state,
    ];
    await storage.transaction(async ({ workspaces }) => {
      for (const each of [main, worktree, other, alone, removed]) await workspaces.insert(each);
      for (const state of states) await workspaces.save(state);
    });
    for (const state of states) {
      expect(await storage.read(({ workspaces }) => workspaces.get(state.id))).toEqual(state);
    }
    const same = (id: typeof main.id) => storage.read(({ workspaces }) => workspaces.sameRepository(id));
    expect(await same(worktree.id)).toEqual([removed.id, worktree.id, main.id]);
    expect(await same(other.id)).toEqual([other.id]);
    expect(await same(alone.id)).toEqual([alone.id]);
    expect(await storage.transaction(({ workspaces }) => workspaces.sameRepository(main.id))).toHaveLength(3);
    await expect(same(encodeId('workspace', 404))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of one repository come in a bounded number, the one that was asked for among them', async () => {
    await using storage = await open();
    const git = { repository: 'github.com/me/project', branch: null, head: 'abc', dirty: null };
    await storage.transaction(async ({ workspaces }) => {
      for (let n = 1; n <= MAX_SAME_REPOSITORY + 5; n += 1) {
        const made = workspace(encodeId('workspace', n), `/${String(n)}`);
        await workspaces.insert(scanWorkspace(made, git, NOW).state);
      }
    });
    const oldest = encodeId('workspace', 1);
    const ids = await storage.read(({ workspaces }) => workspaces.sameRepository(oldest));
    expect(ids).toHaveLength(MAX_SAME_REPOSITORY);
    expect(ids).toContain(oldest);
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
