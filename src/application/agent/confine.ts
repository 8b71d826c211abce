import { DomainError } from '../../domain/shared/domain-error.js';
import type { TaskId, WorkspaceId } from '../../domain/shared/id.js';
import type { Application } from '../application.js';
import type { Grant } from './grants.js';

/** Most tasks that one agent may start while it works on its own: more is a loop. */
const MAX_SPAWNED = 1_000;

/**
 * The application as an agent may use it: its own workspace (with what is remembered of the same repository), its own task and those that it has spawned. Here alone is
 * decided what that is, and whatever is not listed here it may not do. Throws `forbidden`.
 */
export function confine(app: Application, grant: Grant): Application {
  const { taskId: own, workspaceId, workspace, spawned } = grant;

  function assertOwn(taskId: TaskId): void {
    if (taskId !== own && !spawned.has(taskId)) throw forbidden(`${taskId} is not a task of this agent's.`);
  }

  /** Another workspace than the agent's cannot be asked for; the agent's need not be. */
  function within<Filter extends { workspaceId?: WorkspaceId | undefined }>(filter: Filter): Filter {
    const asked = filter.workspaceId ?? workspaceId;
    if (asked !== workspaceId) throw forbidden(`This agent works in ${workspaceId}, not in ${asked}.`);
    return { ...filter, workspaceId };
  }

  /** Keys are the agent's own, so that they never lead to the task of somebody else. */
  const ownKey = (key: string | undefined) => (key === undefined ? undefined : `${own}:${key}`);

  const allowed = {
    enqueueTask: async (command) => {
      if (!isIn(command.workspace, grant))
        throw forbidden(`This agent works in ${workspace}, and starts tasks only there.`);
      for (const one of command.after ?? []) assertOwn(typeof one === 'string' ? one : one.task);
      if (spawned.size >= MAX_SPAWNED) {
        throw new DomainError(
          'limit_exceeded',
          `This agent has started ${String(MAX_SPAWNED)} tasks; that is all it may.`,
        );
      }
      const [unique, requestId] = [ownKey(command.unique), ownKey(command.requestId)];
      const task = await app.enqueueTask({ ...command, workspace: workspaceId, unique, requestId });
      spawned.add(task.id);
      return task;
    },
    getTask: async (query) => {
      assertOwn(query.taskId);
      return app.getTask(query);
    },
    listLimits: app.listLimits,
    getResult: async (query) => {
      assertOwn(query.taskId);
      return app.getResult(query);
    },
    getResults: async (query) => {
      assertOwn(query.taskId);
      return app.getResults(query);
    },
    cancelTask: async (command) => {
      assertOwn(command.taskId);
      return app.cancelTask(command);
    },
    watchTask: (query, signal) => {
      assertOwn(query.taskId);
      return app.watchTask(query, signal);
    },
    listSessions: async (query) => app.listSessions(within(query)),
    // Without a look at the disk: it is the one that the agent works in.
    findWorkspace: async () => app.getWorkspace({ workspaceId }),
    searchMemory: async (query) => app.searchMemory(within(query)),
    showTimeline: async (query) => app.showTimeline(within(query)),
    addNote: async (command, origin) => {
      if (!isIn(command.workspace, grant))
        throw forbidden(`This agent works in ${workspace}, and keeps notes only there.`);
      const { sessionId } = command;
      const session = sessionId === undefined ? undefined : await app.getSession({ sessionId });
      if (session !== undefined) within(session);
      return app.addNote({ ...command, workspace: workspaceId }, origin);
    },
    getObservations: async (query) => {
      const shared = new Set(await app.listSameRepository({ workspaceId }));
      return (await app.getObservations(query)).filter((observation) => shared.has(observation.workspaceId));
    },
    listObservations: async (query) => app.listObservations(within(query)),
  } satisfies Partial<Application>;

  const denied = Object.fromEntries(Object.keys(app).map((useCase) => [useCase, deny]));
  // Everything has been replaced: what is not allowed is there and refuses.
  return { ...(denied as unknown as Application), ...allowed };
}

/** The workspace by its id, its path, or a directory in it. */
function isIn(place: string, { workspaceId, workspace }: Grant): boolean {
  if (place === workspaceId || place === workspace) return true;
  return (
    place.startsWith(workspace) &&
    /^[\\/]/.test(place.slice(workspace.length)) &&
    !/(?:^|[\\/])\.\.(?:$|[\\/])/.test(place)
  );
}

function deny(): never {
  throw forbidden("An agent's token does not reach this.");
}

function forbidden(message: string): DomainError {
  return new DomainError('forbidden', message);
}
