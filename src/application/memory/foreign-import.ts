import { recordObservation } from '../../domain/observation/observation.js';
import type { ClosedSession, Session } from '../../domain/session/session.js';
import { encodeId, type SessionId, type WorkspaceId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { NO_GIT } from '../../domain/workspace/workspace.js';
import type {
  ForeignObservation,
  ForeignPrompt,
  ForeignRecord,
  ForeignSession,
  ForeignSessionKey,
} from '../ports/claude-mem.js';
import type { NewId } from '../ports/ids.js';
import type { Stores } from '../ports/transaction.js';
import { registerWorkspace } from '../workspace/add-workspace.js';
import type { WorkspacePlace } from '../workspace/workspace-place.js';

/** Keys of the last minute are left to what happens now. In milliseconds. */
const KEYS_IN_USE_MS = 60_000;
/** A hook and claude-mem note the same prompt at most so far apart, in milliseconds. */
const SAME_PROMPT_MS = 60_000;
/** Most prompts within that time that are looked at. */
const MAX_NEAR = 100;
/** Most workspaces among which one is looked for by its name. */
const MAX_NAMED = 1_000;

export type Taken = 'imported' | 'known' | 'skipped';

/** One import of another program's memory. */
export class ForeignImport {
  readonly #places: ReadonlyMap<string, WorkspacePlace>;
  readonly #newId: NewId;
  readonly #now: Timestamp;
  readonly #workspaces = new Map<string, WorkspaceId>();
  readonly #unplaced = new Set<string>();

  constructor(places: ReadonlyMap<string, WorkspacePlace>, newId: NewId, now: Timestamp) {
    this.#places = places;
    this.#newId = newId;
    this.#now = now;
  }

  /** The projects met so far of which no directory is known. */
  unplaced(): string[] {
    return [...this.#unplaced].sort();
  }

  async take(stores: Stores, record: ForeignRecord): Promise<Taken> {
    if (await stores.importedRows.has(record.row)) return 'known';
    switch (record.kind) {
      case 'session':
        return this.#takeSession(stores, record);
      case 'prompt':
        return this.#takePrompt(stores, record);
      case 'observation':
        return this.#takeObservation(stores, record);
    }
  }

  async #takeSession(stores: Stores, { row, project, session, title, prompts, at, endedAt }: ForeignSession) {
    if ((await find(stores, session)) !== undefined) return 'known';
    const state: ClosedSession = {
      id: encodeId('session', await this.#keyOf(stores, row, at)),
      ...session,
      agent: session.source,
      workspaceId: await this.#workspaceOf(stores, project),
      taskId: null,
      title,
      prompts,
      cwd: null,
      transcriptPath: null,
      agentVersion: null,
      startedAt: this.#past(at),
      status: 'closed',
      endedAt: Math.max(this.#past(at), this.#past(endedAt)),
      reason: null,
    };
    await stores.sessions.insert(state);
    return 'imported';
  }

  async #takePrompt(stores: Stores, { row, session, number, text, at: then }: ForeignPrompt): Promise<Taken> {
    const known = session === null ? undefined : await find(stores, session);
    if (known === undefined || text === '') return 'skipped';
    const { id: sessionId, workspaceId } = known;
    const at = this.#past(then);
    const key = await this.#keyOf(stores, row, at);
    if (await isSaid(stores, sessionId, text, at)) return 'known';
    const id = encodeId('prompt', key);
    await stores.prompts.insert({ id, sessionId, workspaceId, number, who: 'user', turn: null, text, at });
    return 'imported';
  }

  async #takeObservation(stores: Stores, record: ForeignObservation): Promise<Taken> {
    const { row, project, session, type, title, narrative, facts, concepts, filesRead, filesModified } = record;
    const known = session === null ? undefined : await find(stores, session);
    const at = this.#past(record.at);
    const { state, events } = recordObservation(
      {
        id: encodeId('obs', await this.#keyOf(stores, row, at)),
        workspaceId: known?.workspaceId ?? (await this.#workspaceOf(stores, project)),
        sessionId: known?.id ?? null,
        type,
        origin: 'import',
        pinned: false,
        turn: null,
        title,
        narrative,
        facts: [...facts],
        concepts: [...concepts],
        filesRead: [...filesRead],
        filesModified: [...filesModified],
        toolUses: [],
      },
      at,
    );
    await stores.observations.insert(state);
    await stores.events.append(events);
    return 'imported';
  }

  /** A clock that was wrong must not put anything into the future. */
  #past(at: Timestamp): Timestamp {
    return Math.min(at, this.#now);
  }

  #keyOf({ importedRows }: Stores, row: string, at: Timestamp): Promise<number> {
    return importedRows.give(row, Math.min(at, this.#now - KEYS_IN_USE_MS));
  }

  async #workspaceOf(stores: Stores, project: string): Promise<WorkspaceId> {
    const id = this.#workspaces.get(project) ?? (await this.#findWorkspace(stores, project));
    this.#workspaces.set(project, id);
    return id;
  }

  async #findWorkspace(stores: Stores, project: string): Promise<WorkspaceId> {
    const { workspaces } = stores;
    const place = this.#places.get(project);
    if (place !== undefined) {
      return (await registerWorkspace(stores, place.path, this.#newId, this.#now, place.git)).id;
    }
    const last = project.split(/[\\/]/).findLast((part) => part !== '') ?? project;
    const named = (await workspaces.list({ limit: MAX_NAMED })).filter(({ name }) => name === last);
    if (named.length === 1 && named[0] !== undefined) return named[0].id;
    this.#unplaced.add(project);
    // No directory has such a path.
    const path = `claude-mem:${project}`;
    const known = await workspaces.findByPath(path);
    if (known !== undefined) return known.id;
    const id = this.#newId('workspace');
    const nothing = { ...NO_GIT, scannedAt: null, notice: null };
    const times = { addedAt: this.#now, removedAt: this.#now };
    await workspaces.insert({ id, path, name: last, ...nothing, ...times, status: 'removed' });
    return id;
  }
}

function find({ sessions }: Stores, key: ForeignSessionKey): Promise<Session | undefined> {
  return sessions.findByProvider(key.source, key.providerSessionId);
}

/** Whether a hook has noted the prompt already. */
async function isSaid({ prompts }: Stores, sessionId: SessionId, text: string, at: Timestamp): Promise<boolean> {
  const [from, to] = [at - SAME_PROMPT_MS, at + SAME_PROMPT_MS];
  const near = await prompts.saidBetween({ sessionId, who: 'user', from, to, limit: MAX_NEAR });
  return near.some((prompt) => prompt.turn !== null && prompt.text === text);
}
