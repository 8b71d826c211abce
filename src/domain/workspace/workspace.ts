import { z } from 'zod';
import type { Change } from '../shared/change.js';
import { DomainError } from '../shared/domain-error.js';
import { WorkspaceId } from '../shared/id.js';
import { Timestamp } from '../shared/timestamp.js';

/** What git says of a directory. Each is null where there is no repository, or where it is not known. */
export const GitFacts = z.object({
  /** Names the repository, the same in every clone and worktree: `github.com/owner/name`, or `root:` and a commit. */
  repository: z.string().nullable(),
  /** Null also on a detached HEAD. */
  branch: z.string().nullable(),
  /** The commit that is checked out; null before the first one. */
  head: z.string().nullable(),
  /** Whether something is not committed. */
  dirty: z.boolean().nullable(),
});
export type GitFacts = z.infer<typeof GitFacts>;

export const NO_GIT: GitFacts = { repository: null, branch: null, head: null, dirty: null };

const Known = z.object({
  id: WorkspaceId,
  path: z.string(),
  name: z.string(),
  addedAt: Timestamp,
  ...GitFacts.shape,
  /** When the git facts were looked up; null for never. */
  scannedAt: Timestamp.nullable(),
  /** One sentence, when its files are not watched as they should be. */
  notice: z.string().nullable(),
});

export const ActiveWorkspace = Known.extend({ status: z.literal('active'), removedAt: z.null() });
export type ActiveWorkspace = z.infer<typeof ActiveWorkspace>;
const RemovedWorkspace = Known.extend({ status: z.literal('removed'), removedAt: Timestamp });
export type RemovedWorkspace = z.infer<typeof RemovedWorkspace>;

/** A directory in which agents work. `active ◀──▶ removed`; a removed one keeps its id and history and can come back. */
export const Workspace = z.discriminatedUnion('status', [ActiveWorkspace, RemovedWorkspace]);
export type Workspace = z.infer<typeof Workspace>;

/** Files that changed: how many, and the paths of the first of them, relative to the workspace, with `/`. */
export interface FileChanges {
  readonly count: number;
  readonly paths: readonly string[];
}

export type WorkspaceEvent =
  | {
      type: 'workspace.added' | 'workspace.removed';
      at: Timestamp;
      workspaceId: WorkspaceId;
      data: { path: string };
    }
  | {
      /** Files changed, or git's facts, or the notice: `count` is 0 without files. The rest is how it is now. */
      type: 'workspace.changed';
      at: Timestamp;
      workspaceId: WorkspaceId;
      data: { path: string; count: number; paths: string[]; notice: string | null } & GitFacts;
    };

/** Registers a directory. `path` is absolute, without symbolic links. `git` is what is known of it already. */
export function addWorkspace(
  workspace: Pick<Workspace, 'id' | 'path' | 'name'>,
  now: Timestamp,
  git: GitFacts = NO_GIT,
): Change<ActiveWorkspace, WorkspaceEvent> {
  const unknown = { scannedAt: null, notice: null, removedAt: null };
  return become({ ...workspace, ...git, ...unknown, status: 'active', addedAt: now }, 'workspace.added', now);
}

/** Registers a directory again that was removed. */
export function restoreWorkspace(workspace: Workspace, now: Timestamp): Change<ActiveWorkspace, WorkspaceEvent> {
  if (workspace.status !== 'removed') throw invalidTransition('restore', workspace);
  return become({ ...workspace, status: 'active', removedAt: null }, 'workspace.added', now);
}

/** Takes a directory off the list; nothing in it is touched. */
export function removeWorkspace(workspace: Workspace, now: Timestamp): Change<RemovedWorkspace, WorkspaceEvent> {
  if (workspace.status !== 'active') throw invalidTransition('remove', workspace);
  return become({ ...workspace, status: 'removed', removedAt: now, notice: null }, 'workspace.removed', now);
}

/** Takes in what git says now. There is an event only when something is different. */
export function scanWorkspace(
  workspace: Workspace,
  git: GitFacts,
  now: Timestamp,
): Change<ActiveWorkspace, WorkspaceEvent> {
  if (workspace.status !== 'active') throw invalidTransition('scan', workspace);
  // Without git at hand a repository may be unnamed for once; it does not become another one.
  const repository = git.repository ?? (git.head === null ? null : workspace.repository);
  const state: ActiveWorkspace = { ...workspace, ...git, repository, scannedAt: now };
  const isSame = (Object.keys(NO_GIT) as (keyof GitFacts)[]).every((key) => state[key] === workspace[key]);
  return { state, events: isSame ? [] : [changed(state, now)] };
}

/** Files in it changed; `now` on another branch or commit, if that is what `git` says. */
export function changeFiles(
  workspace: Workspace,
  files: FileChanges,
  git: Pick<GitFacts, 'branch' | 'head'>,
  now: Timestamp,
): Change<ActiveWorkspace, WorkspaceEvent> {
  if (workspace.status !== 'active') throw invalidTransition('change', workspace);
  const state = { ...workspace, ...git };
  return { state, events: [changed(state, now, files)] };
}

/** Says why its files are not watched as they should be, or, with null, that they are again. */
export function noticeWorkspace(
  workspace: Workspace,
  notice: string | null,
  now: Timestamp,
): Change<ActiveWorkspace, WorkspaceEvent> {
  if (workspace.status !== 'active') throw invalidTransition('watch', workspace);
  const state = { ...workspace, notice };
  return { state, events: notice === workspace.notice ? [] : [changed(state, now)] };
}

function changed(state: ActiveWorkspace, at: Timestamp, files?: FileChanges): WorkspaceEvent {
  const { path, repository, branch, head, dirty, notice } = state;
  const { count, paths } = files ?? { count: 0, paths: [] };
  return {
    type: 'workspace.changed',
    at,
    workspaceId: state.id,
    data: { path, count, paths: [...paths], repository, branch, head, dirty, notice },
  };
}

function become<State extends Workspace>(
  state: State,
  type: 'workspace.added' | 'workspace.removed',
  now: Timestamp,
): Change<State, WorkspaceEvent> {
  return { state, events: [{ type, at: now, workspaceId: state.id, data: { path: state.path } }] };
}

function invalidTransition(verb: string, { path, status }: Workspace): DomainError {
  return new DomainError('invalid_transition', `Cannot ${verb} workspace ${path}: it is ${status}.`);
}
