import type { Fact } from '../../domain/event/event.js';
import { isId, type SessionId, type WorkspaceId } from '../../domain/shared/id.js';
import { changeFiles, type FileChanges, noticeWorkspace, type Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';
import type { Scope } from '../lifecycle/scope.js';
import type { FileWatcher } from '../ports/file-watcher.js';

/** Workspaces watched at once, those used last: as many as anybody works in, however many are registered. */
const MAX_WATCHED_WORKSPACES = 8;
/** Workspaces and sessions that wait to be dealt with; what is over comes with its next use, or the next start. */
const MAX_WAITING = 1_000;
/** How many of the newest are read at the start to see which were used last. */
const RECENT = 100;

type Needs = Pick<Dependencies, 'transaction' | 'read' | 'eventLog' | 'clock' | 'repositories' | 'logger'> & {
  readonly fileWatcher: FileWatcher;
  readonly inspectWorkspace: (command: { workspaceId: WorkspaceId }) => Promise<Workspace>;
};

/**
 * Reactor: a workspace that was added is asked about by git; one that is used is watched, and what changes in it becomes
 * an event. Resolves when those that were used last are watched. All ends with the scope.
 */
export async function keepWatch(needs: Needs, scope: Scope): Promise<void> {
  const { transaction, read, eventLog, clock, repositories, logger, fileWatcher, inspectWorkspace } = needs;
  /** The one used last at the end. */
  const watches = new Map<WorkspaceId, { close(): void }>();
  const waiting = new Set<WorkspaceId | SessionId>();
  let working: Promise<void> | undefined;

  function take({ type, workspaceId, sessionId }: Fact): void {
    const id =
      type === 'workspace.added' || type === 'workspace.removed'
        ? workspaceId
        : type === 'session.started'
          ? sessionId
          : undefined;
    if (id !== undefined && waiting.size < MAX_WAITING) waiting.add(id);
    if (waiting.size > 0) begin();
  }

  function begin(): void {
    if (!scope.signal.aborted)
      working ??= deal().finally(() => {
        working = undefined;
        // What came after the last one was taken and before this line.
        if (waiting.size > 0) begin();
      });
  }

  async function deal(): Promise<void> {
    for (const id of waiting) {
      waiting.delete(id);
      if (scope.signal.aborted) return;
      await attend(id).catch((error: unknown) => {
        if (!scope.signal.aborted) logger.warn('a workspace is not watched', { id, error });
      });
    }
  }

  async function attend(id: WorkspaceId | SessionId): Promise<void> {
    // In a transaction, and so after the one that woke us; one that was rolled back has left nothing to find.
    const workspace = await transaction(async ({ workspaces, sessions }) => {
      const workspaceId = isId('workspace', id) ? id : (await sessions.get(id)).workspaceId;
      return workspaces.get(workspaceId);
    });
    if (workspace.status === 'removed') stop(workspace.id);
    else {
      use(workspace);
      if (workspace.scannedAt === null) await inspectWorkspace({ workspaceId: workspace.id });
    }
  }

  function use({ id, path, notice }: Workspace): void {
    if (scope.signal.aborted) return;
    const known = watches.get(id);
    watches.delete(id);
    if (known === undefined && notice !== null) record(id, noticed(null));
    watches.set(
      id,
      known ??
        fileWatcher.watch(path, {
          changed: (changes) => record(id, changed(path, changes)),
          noticed: (sentence) => record(id, noticed(sentence)),
        }),
    );
    const [oldest] = watches.keys();
    if (oldest !== undefined && watches.size > MAX_WATCHED_WORKSPACES) stop(oldest);
  }

  function stop(id: WorkspaceId): void {
    watches.get(id)?.close();
    watches.delete(id);
  }

  type Decide = (workspace: Workspace) => ReturnType<typeof noticeWorkspace>;
  const noticed = (sentence: string | null) => async (): Promise<Decide> => (workspace) =>
    noticeWorkspace(workspace, sentence, clock());
  const changed = (path: string, changes: FileChanges) => async (): Promise<Decide> => {
    const git = (await repositories.find(path))?.git;
    return (workspace) =>
      changeFiles(workspace, changes, { branch: git?.branch ?? null, head: git?.head ?? null }, clock());
  };

  function record(id: WorkspaceId, prepare: () => Promise<Decide>): void {
    prepare()
      .then((decide) =>
        transaction(async ({ workspaces, events }) => {
          const workspace = await workspaces.get(id);
          if (workspace.status === 'removed') return;
          const { state, events: facts } = decide(workspace);
          await workspaces.save(state);
          await events.append(facts);
        }),
      )
      .catch((error: unknown) => {
        if (!scope.signal.aborted) logger.warn('a change of a workspace was not recorded', { id, error });
      });
  }

  scope.defer('workspaces that wait', () => working);
  scope.defer('watches', () => {
    for (const id of [...watches.keys()]) stop(id);
  });
  scope.defer('listener', eventLog.onAppend(take));

  const recent = await read(async ({ sessions, workspaces }) => [
    ...(await sessions.list({ limit: RECENT })).map(({ workspaceId }) => workspaceId),
    ...(await workspaces.list({ limit: RECENT })).map(({ id }) => id),
  ]);
  // The one used last comes last.
  for (const id of [...new Set(recent)].slice(0, MAX_WATCHED_WORKSPACES).reverse()) waiting.add(id);
  begin();
  await working;
}
