import { z } from 'zod';
import type { Change } from '../shared/change.js';
import { DomainError } from '../shared/domain-error.js';
import { WorkspaceId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';

const Known = z.object({ id: WorkspaceId, path: z.string(), name: z.string(), addedAt: Timestamp });

export const ActiveWorkspace = Known.extend({ status: z.literal('active'), removedAt: z.null() });
export type ActiveWorkspace = z.infer<typeof ActiveWorkspace>;
const RemovedWorkspace = Known.extend({ status: z.literal('removed'), removedAt: Timestamp });
export type RemovedWorkspace = z.infer<typeof RemovedWorkspace>;

/** A directory in which agents work. `active ◀──▶ removed`; a removed one keeps its id and history and can come back. */
export const Workspace = z.discriminatedUnion('status', [ActiveWorkspace, RemovedWorkspace]);
export type Workspace = z.infer<typeof Workspace>;

export interface WorkspaceEvent {
  type: 'workspace.added' | 'workspace.removed';
  at: Timestamp;
  workspaceId: WorkspaceId;
  data: { path: string };
}

/** Registers a directory. `path` is absolute, without symbolic links. */
export function addWorkspace(
  workspace: Pick<Workspace, 'id' | 'path' | 'name'>,
  now: Timestamp,
): Change<ActiveWorkspace, WorkspaceEvent> {
  return become({ ...workspace, status: 'active', addedAt: now, removedAt: null }, 'workspace.added', now);
}

/** Registers a directory again that was removed. */
export function restoreWorkspace(workspace: Workspace, now: Timestamp): Change<ActiveWorkspace, WorkspaceEvent> {
  if (workspace.status !== 'removed') throw invalidTransition('restore', workspace);
  return become({ ...workspace, status: 'active', removedAt: null }, 'workspace.added', now);
}

/** Takes a directory off the list; nothing in it is touched. */
export function removeWorkspace(workspace: Workspace, now: Timestamp): Change<RemovedWorkspace, WorkspaceEvent> {
  if (workspace.status !== 'active') throw invalidTransition('remove', workspace);
  return become({ ...workspace, status: 'removed', removedAt: now }, 'workspace.removed', now);
}

function become<State extends Workspace>(
  state: State,
  type: WorkspaceEvent['type'],
  now: Timestamp,
): Change<State, WorkspaceEvent> {
  return { state, events: [{ type, at: now, workspaceId: state.id, data: { path: state.path } }] };
}

function invalidTransition(verb: string, { path, status }: Workspace): DomainError {
  return new DomainError('invalid_transition', `Cannot ${verb} workspace ${path}: it is ${status}.`);
}
