import { z } from 'zod';
import { MAX_NAME_LENGTH, MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import type { Session } from '../../domain/session/session.js';
import { startSession } from '../../domain/session/session-transitions.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { ProfileName } from '../../domain/task/task.js';
import { NO_GIT } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';
import type { Stores } from '../ports/transaction.js';
import { registerWorkspace } from '../workspace/add-workspace.js';
import { placeOf, type WorkspacePlace } from '../workspace/workspace-place.js';

const AbsolutePath = z
  .string()
  .max(MAX_PATH_LENGTH)
  .regex(/^(\/|\\\\|[A-Za-z]:[\\/])/, 'The path must be absolute.');

/**
 * Whose conversation it is, as the agent knows it. `source` is the kind of agent; with the agent's own id it names the
 * session. `cwd` is the directory it was started in; it need not be there any more.
 */
export const SessionOrigin = z.strictObject({
  source: ProfileName,
  providerSessionId: z.string().min(1).max(MAX_NAME_LENGTH),
  cwd: AbsolutePath,
  transcriptPath: AbsolutePath.nullish(),
  agentVersion: z.string().max(MAX_NAME_LENGTH).nullish(),
});
export type SessionOrigin = z.infer<typeof SessionOrigin>;

/** An origin and the workspace that its session is opened in if it is new. */
export interface Located {
  readonly origin: SessionOrigin;
  readonly place: WorkspacePlace;
}

export type LocateSession = (origin: SessionOrigin) => Promise<Located>;

/** Looks for the workspace of a session that is new: before the transaction, since it reads directories. */
export function createLocateSession(needs: Pick<Dependencies, 'read' | 'directories' | 'repositories'>): LocateSession {
  return async (origin) => {
    const { source, providerSessionId, cwd } = origin;
    const known = await needs.read(({ sessions }) => sessions.findByProvider(source, providerSessionId));
    return { origin, place: known === undefined ? await anyPlaceOf(cwd, needs) : { path: cwd, git: NO_GIT } };
  };
}

/** A directory that is gone, or that this user may not enter, is a place all the same: things happened there. */
async function anyPlaceOf(
  cwd: string,
  needs: Pick<Dependencies, 'directories' | 'repositories'>,
): Promise<WorkspacePlace> {
  try {
    return await placeOf(cwd, needs);
  } catch (error) {
    if (error instanceof DomainError) return { path: cwd, git: NO_GIT };
    throw error;
  }
}

/** The session of this origin, opened now if it is new. */
export async function sessionOf(
  stores: Stores,
  { origin, place }: Located,
  newId: Dependencies['newId'],
  now: Timestamp,
): Promise<Session> {
  const { source, providerSessionId, cwd, transcriptPath = null, agentVersion = null } = origin;
  const known = await stores.sessions.findByProvider(source, providerSessionId);
  if (known !== undefined) return known;
  const { id: workspaceId } = await registerWorkspace(stores, place.path, newId, now, place.git);
  const id: SessionId = newId('session');
  const about = { id, source, providerSessionId, agent: source, workspaceId, taskId: null };
  const { state, events } = startSession({ ...about, cwd, transcriptPath, agentVersion }, now);
  await stores.sessions.insert(state);
  await stores.events.append(events);
  return state;
}
