import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/domain/shared/change.js';
import { encodeId } from '../../../src/domain/shared/id.js';
import * as workspaces from '../../../src/domain/workspace/workspace.js';
import { expectWhole, type FunctionsOf, itFollows, type TransitionTable } from './transition-table.js';

const NOW = 1_800_000_000_000;
const KNOWN = { id: encodeId('workspace', 1), path: '/home/me/project', name: 'project' };

type Transition = Exclude<FunctionsOf<typeof workspaces>, 'addWorkspace'>;
type Workspace = workspaces.Workspace;

const TABLE: TransitionTable<Transition, Workspace['status']> = {
  restoreWorkspace: { active: 'refused', removed: 'active' },
  removeWorkspace: { active: 'removed', removed: 'refused' },
  scanWorkspace: { active: 'active', removed: 'refused' },
  changeFiles: { active: 'active', removed: 'refused' },
  noticeWorkspace: { active: 'active', removed: 'refused' },
};

const GIT = { repository: 'github.com/me/project', branch: 'main', head: 'a'.repeat(40), dirty: false };
const FILES = { count: 3, paths: ['a.txt', 'b/c.txt'] };

const APPLY: Record<Transition, (workspace: Workspace) => Change<Workspace, object>> = {
  restoreWorkspace: (workspace) => workspaces.restoreWorkspace(workspace, NOW + 1),
  removeWorkspace: (workspace) => workspaces.removeWorkspace(workspace, NOW + 1),
  scanWorkspace: (workspace) => workspaces.scanWorkspace(workspace, GIT, NOW + 1),
  changeFiles: (workspace) => workspaces.changeFiles(workspace, FILES, { branch: 'x', head: null }, NOW + 1),
  noticeWorkspace: (workspace) => workspaces.noticeWorkspace(workspace, 'Not watched.', NOW + 1),
};

const active = workspaces.addWorkspace(KNOWN, NOW).state;
const SAMPLES = { active, removed: workspaces.removeWorkspace(active, NOW).state };

describe('a workspace', () => {
  itFollows(TABLE, { samples: SAMPLES, apply: APPLY, schema: workspaces.Workspace });

  it('is active when it is added', () => {
    const { state, events } = workspaces.addWorkspace(KNOWN, NOW);
    const unknown = { ...workspaces.NO_GIT, scannedAt: null, notice: null };
    expect(state).toEqual({ ...KNOWN, ...unknown, status: 'active', addedAt: NOW, removedAt: null });
    expectWhole(workspaces.Workspace, state, events);
  });

  it('tells of a scan only when git says something new', () => {
    const first = workspaces.scanWorkspace(active, GIT, NOW + 1);
    expect(first.state).toEqual({ ...active, ...GIT, scannedAt: NOW + 1 });
    const data = { path: KNOWN.path, count: 0, paths: [], notice: null, ...GIT };
    expect(first.events).toEqual([{ type: 'workspace.changed', at: NOW + 1, workspaceId: KNOWN.id, data }]);
    const again = workspaces.scanWorkspace(first.state, GIT, NOW + 2);
    expect(again).toEqual({ state: { ...first.state, scannedAt: NOW + 2 }, events: [] });
    expect(workspaces.scanWorkspace(first.state, { ...GIT, dirty: true }, NOW + 2).events).toHaveLength(1);
  });

  it('keeps the name of its repository when git cannot be asked, and loses it with the repository', () => {
    const { state } = workspaces.scanWorkspace(active, GIT, NOW + 1);
    const unasked = workspaces.scanWorkspace(state, { ...GIT, repository: null, dirty: null }, NOW + 2).state;
    expect(unasked).toMatchObject({ repository: GIT.repository, dirty: null });
    expect(workspaces.scanWorkspace(state, workspaces.NO_GIT, NOW + 2).state).toMatchObject(workspaces.NO_GIT);
  });

  it('tells of changed files with their number, and of where HEAD is now', () => {
    const { state, events } = workspaces.changeFiles(active, FILES, { branch: 'topic', head: 'b' }, NOW + 1);
    expect(state).toEqual({ ...active, branch: 'topic', head: 'b' });
    expect(events).toMatchObject([{ type: 'workspace.changed', data: { ...FILES, branch: 'topic', head: 'b' } }]);
  });

  it('tells of a notice once', () => {
    const { state, events } = workspaces.noticeWorkspace(active, 'Too many files.', NOW);
    expect(events).toMatchObject([{ data: { notice: 'Too many files.', count: 0 } }]);
    expect(workspaces.noticeWorkspace(state, 'Too many files.', NOW).events).toEqual([]);
    expect(workspaces.noticeWorkspace(state, null, NOW).state.notice).toBeNull();
  });
});
