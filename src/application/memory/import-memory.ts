import { z } from 'zod';
import type { MemoryRecord } from '../../domain/memory/memory-record.js';
import type { KeptObservation } from '../../domain/observation/observation.js';
import { MAX_PATH_LENGTH } from '../../domain/session/capture-limits.js';
import type { Prompt } from '../../domain/session/prompt.js';
import type { Session } from '../../domain/session/session.js';
import { DomainError } from '../../domain/shared/domain-error.js';
import type { SessionId, WorkspaceId } from '../../domain/shared/id.js';
import type { Workspace } from '../../domain/workspace/workspace.js';
import type { Dependencies } from '../dependencies.js';
import type { FilePlace } from '../ports/memory-file.js';
import type { Stores } from '../ports/transaction.js';

export const ImportMemory = z.strictObject({ file: z.string().min(1).max(MAX_PATH_LENGTH) });
export type ImportMemory = z.infer<typeof ImportMemory>;

/** How many records are new here, and how many were there already. */
export const Imported = z.object({ imported: z.int().nonnegative(), known: z.int().nonnegative() });
export type Imported = z.infer<typeof Imported>;

/**
 * Takes in a file of memory. Ids stay what they are, so that a second import changes nothing. A workspace whose directory
 * is known here, and a session that its agent is known by, keep the id that they have here. The whole file is looked at
 * before anything is written. Throws `invalid_input` with the line that cannot be read.
 */
export function createImportMemory({ memoryFile, transaction }: Pick<Dependencies, 'memoryFile' | 'transaction'>) {
  return async ({ file }: ImportMemory): Promise<Imported> => {
    await memoryFile.check(file);
    const importing = new Importing();
    const counts = { imported: 0, known: 0 };
    for (let place: FilePlace | null = { offset: 0, line: 1 }; place !== null; ) {
      const { records, next } = await memoryFile.read(file, place);
      await transaction(async (stores) => {
        for (const { line, record } of records) {
          const isNew = await importing.take(stores, record).catch((error: unknown) => {
            throw at(line, file, counts, error);
          });
          counts[isNew ? 'imported' : 'known'] += 1;
        }
      });
      place = next;
    }
    return counts;
  };
}

function at(line: number, file: string, { imported }: Imported, error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== 'not_found') return error;
  const before = imported === 0 ? 'Nothing' : 'What stands before its part of the file';
  return new DomainError(
    'invalid_input',
    `Line ${String(line)} of ${file} speaks of something that is not in it: ${error.message} ${before} was imported.`,
  );
}

/** Which ids of the file are others here; all else has the id that it has in the file. */
class Importing {
  readonly #workspaces = new Map<WorkspaceId, WorkspaceId>();
  readonly #sessions = new Map<SessionId, SessionId>();

  /** False when it is known already. */
  take(stores: Stores, record: MemoryRecord): Promise<boolean> {
    if ('workspace' in record) return this.#takeWorkspace(stores, record.workspace);
    if ('session' in record) return this.#takeSession(stores, record.session);
    if ('prompt' in record) return this.#takePrompt(stores, record.prompt);
    return this.#takeObservation(stores, record.observation);
  }

  async #takeWorkspace({ workspaces }: Stores, workspace: Workspace): Promise<boolean> {
    const known = (await workspaces.findByPath(workspace.path)) ?? (await orNothing(workspaces.get(workspace.id)));
    if (known === undefined) await workspaces.insert(workspace);
    else if (known.id !== workspace.id) this.#workspaces.set(workspace.id, known.id);
    return known === undefined;
  }

  async #takeSession({ sessions, workspaces }: Stores, session: Session): Promise<boolean> {
    const { source, providerSessionId, id } = session;
    const known =
      (await orNothing(sessions.get(id))) ??
      (providerSessionId === null ? undefined : await sessions.findByProvider(source, providerSessionId));
    if (known !== undefined && known.id !== id) this.#sessions.set(id, known.id);
    if (known !== undefined) return false;
    const { id: workspaceId } = await workspaces.get(this.#workspaceOf(session));
    await sessions.insert({ ...session, workspaceId, taskId: null });
    return true;
  }

  async #takePrompt({ prompts, sessions }: Stores, prompt: Prompt): Promise<boolean> {
    const { id: sessionId, workspaceId } = await sessions.get(this.#sessions.get(prompt.sessionId) ?? prompt.sessionId);
    const { turn, who } = prompt;
    const [same] = await prompts.getMany([prompt.id]);
    if ((same ?? (turn === null ? undefined : await prompts.findByTurn(sessionId, turn, who))) !== undefined)
      return false;
    await prompts.insert({ ...prompt, sessionId, workspaceId });
    return true;
  }

  async #takeObservation(
    { observations, sessions, workspaces, events }: Stores,
    observation: KeptObservation,
  ): Promise<boolean> {
    const [known] = await observations.getMany([observation.id]);
    if (known !== undefined) return false;
    const { id: workspaceId } = await workspaces.get(this.#workspaceOf(observation));
    const named = observation.sessionId;
    const sessionId = named === null ? null : (await sessions.get(this.#sessions.get(named) ?? named)).id;
    await observations.insert({ ...observation, workspaceId, sessionId });
    const { id: observationId, type, title, createdAt } = observation;
    const about = { observationId, workspaceId, ...(sessionId === null ? {} : { sessionId }) };
    await events.append([{ type: 'observation.created', at: createdAt, ...about, data: { type, title } }]);
    return true;
  }

  #workspaceOf({ workspaceId }: { readonly workspaceId: WorkspaceId }): WorkspaceId {
    return this.#workspaces.get(workspaceId) ?? workspaceId;
  }
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'not_found') return undefined;
    throw error;
  }
}
