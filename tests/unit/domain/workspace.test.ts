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
};

const APPLY: Record<Transition, (workspace: Workspace) => Change<Workspace, object>> = {
  restoreWorkspace: (workspace) => workspaces.restoreWorkspace(workspace, NOW + 1),
  removeWorkspace: (workspace) => workspaces.removeWorkspace(workspace, NOW + 1),
};

const active = workspaces.addWorkspace(KNOWN, NOW).state;
const SAMPLES = { active, removed: workspaces.removeWorkspace(active, NOW).state };

describe('a workspace', () => {
  itFollows(TABLE, { samples: SAMPLES, apply: APPLY, schema: workspaces.Workspace });

  it('is active when it is added', () => {
    const { state, events } = workspaces.addWorkspace(KNOWN, NOW);
    expect(state).toEqual({ ...KNOWN, status: 'active', addedAt: NOW, removedAt: null });
    expectWhole(workspaces.Workspace, state, events);
  });
});
