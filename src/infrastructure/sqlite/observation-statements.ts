import { createHash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { documentOfObservation } from '../../domain/memory/observation-document.js';
import type { KeptObservation, Observation } from '../../domain/observation/observation.js';
import type { ObservationFilter } from '../../domain/observation/observation-repository.js';
import type { TextLength, TextOf } from '../../domain/observation/text-length.js';
import { decodeId, type ObservationId, type SessionId, type WorkspaceId } from '../../domain/shared/id.js';
import type { DocumentWrites } from './document-writes.js';
import { LIMIT } from './limit.js';
import { OBSERVATION_COLUMNS, type ObservationRow, toObservation, toObservationRow } from './observation-rows.js';

const IS_KEPT = 'forgotten_at IS NULL';
const OF_TYPE = '(@types IS NULL OR type IN (SELECT value FROM json_each(@types)))';
const PAGE = `${IS_KEPT} AND id < @below AND ${OF_TYPE} ORDER BY id DESC LIMIT @limit + 0`;

export const OBSERVATION_STATEMENTS = {
  byId: `SELECT ${OBSERVATION_COLUMNS} FROM observation WHERE id = ?`,
  listAll: `SELECT ${OBSERVATION_COLUMNS} FROM observation NOT INDEXED WHERE ${PAGE}`,
  listWorkspace: `SELECT ${OBSERVATION_COLUMNS} FROM observation INDEXED BY observation_workspace
    WHERE workspace_id = @workspaceId AND ${PAGE}`,
  listSession: `SELECT ${OBSERVATION_COLUMNS} FROM observation INDEXED BY observation_session
    WHERE session_id = @sessionId AND ${PAGE}`,
  pinned: `SELECT ${OBSERVATION_COLUMNS} FROM observation WHERE pinned = 1 AND workspace_id = ? ORDER BY id DESC ${LIMIT}`,
  lastSummaries: `SELECT ${OBSERVATION_COLUMNS} FROM observation INDEXED BY observation_summary
    WHERE type = 'summary' AND workspace_id = ? ORDER BY id DESC ${LIMIT}`,
  summaryOf: `SELECT ${OBSERVATION_COLUMNS} FROM observation INDEXED BY observation_session_summary
    WHERE type = 'summary' AND session_id = ? ORDER BY id DESC LIMIT 1`,
  insert: `INSERT INTO observation (${OBSERVATION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  save: `UPDATE observation SET forgotten_at = ?, pinned = ?, type = ?, origin = ?, turn = ?, title = ?, narrative = ?,
    facts = ?, concepts = ?, files_read = ?, files_modified = ?, tool_uses = ? WHERE id = ?`,
  lengthOf: 'SELECT tokens FROM observation_tokens WHERE observation_id = ? AND text_hash = ?',
  keepLength: `INSERT OR REPLACE INTO observation_tokens (observation_id, text_hash, tokens)
    SELECT id, @hash, @tokens FROM observation WHERE id = @id AND ${IS_KEPT}`,
} as const;

interface ListParameters {
  workspaceId: number | null;
  sessionId: number | null;
  types: string | null;
  below: number;
  limit: number;
}

/** Every question about observations, prepared once for a connection. */
export class ObservationQueries {
  readonly #byId: Statement<[number], ObservationRow>;
  readonly #listAll: Statement<[ListParameters], ObservationRow>;
  readonly #listWorkspace: Statement<[ListParameters], ObservationRow>;
  readonly #listSession: Statement<[ListParameters], ObservationRow>;
  readonly #pinned: Statement<[number, number], ObservationRow>;
  readonly #lastSummaries: Statement<[number, number], ObservationRow>;
  readonly #summaryOf: Statement<[number], ObservationRow>;
  readonly #lengthOf: Statement<[number, Buffer], number>;

  constructor(database: Database) {
    const s = OBSERVATION_STATEMENTS;
    this.#byId = database.prepare<[number], ObservationRow>(s.byId).raw();
    this.#listAll = database.prepare<[ListParameters], ObservationRow>(s.listAll).raw();
    this.#listWorkspace = database.prepare<[ListParameters], ObservationRow>(s.listWorkspace).raw();
    this.#listSession = database.prepare<[ListParameters], ObservationRow>(s.listSession).raw();
    this.#pinned = database.prepare<[number, number], ObservationRow>(s.pinned).raw();
    this.#lengthOf = database.prepare<[number, Buffer], number>(s.lengthOf).pluck();
    this.#lastSummaries = database.prepare<[number, number], ObservationRow>(s.lastSummaries).raw();
    this.#summaryOf = database.prepare<[number], ObservationRow>(s.summaryOf).raw();
  }

  getMany(ids: readonly ObservationId[]): Observation[] {
    return ids.flatMap((id) => this.#byId.all(decodeId(id))).map(toObservation);
  }

  /** Several workspaces are several walks down the same index, merged: each is asked for a whole page. */
  list({ workspaceIds, sessionId, types, before, limit }: ObservationFilter): KeptObservation[] {
    const parameters: ListParameters = {
      workspaceId: null,
      sessionId: sessionId === undefined ? null : decodeId(sessionId),
      types: types === undefined ? null : JSON.stringify(types),
      below: before === undefined ? Number.MAX_SAFE_INTEGER : decodeId(before),
      limit,
    };
    if (sessionId !== undefined) {
      const ofSession = kept(this.#listSession.all(parameters));
      return ofSession.filter(({ workspaceId }) => workspaceIds?.includes(workspaceId) ?? true);
    }
    if (workspaceIds === undefined) return kept(this.#listAll.all(parameters));
    const rows = workspaceIds.flatMap((id) => this.#listWorkspace.all({ ...parameters, workspaceId: decodeId(id) }));
    return kept(newestFirst(rows).slice(0, limit));
  }

  pinned(workspaceIds: readonly WorkspaceId[], limit: number): KeptObservation[] {
    const rows = workspaceIds.flatMap((id) => this.#pinned.all(decodeId(id), limit));
    return kept(newestFirst(rows).slice(0, limit));
  }

  summaryOf(sessionId: SessionId): KeptObservation | undefined {
    return kept(this.#summaryOf.all(decodeId(sessionId)))[0];
  }

  lastSummaries(workspaceIds: readonly WorkspaceId[], limit: number): KeptObservation[] {
    const rows = workspaceIds.flatMap((id) => this.#lastSummaries.all(decodeId(id), limit));
    return kept(newestFirst(rows).slice(0, limit));
  }

  lengths(texts: readonly TextOf[]): Map<string, number> {
    const found = new Map<string, number>();
    for (const { observationId, text } of texts) {
      const tokens = this.#lengthOf.get(decodeId(observationId), hashOf(text));
      if (tokens !== undefined) found.set(text, tokens);
    }
    return found;
  }
}

/** Every change of observations, prepared once for the connection that writes. What is kept can be searched. */
export class ObservationWrites {
  readonly #insert: Statement;
  readonly #save: Statement;
  readonly #keepLength: Statement;
  readonly #documents: DocumentWrites;

  constructor(database: Database, documents: DocumentWrites) {
    this.#documents = documents;
    this.#insert = database.prepare(OBSERVATION_STATEMENTS.insert);
    this.#save = database.prepare(OBSERVATION_STATEMENTS.save);
    this.#keepLength = database.prepare(OBSERVATION_STATEMENTS.keepLength);
  }

  insert(observation: Observation): void {
    this.#insert.run(...toObservationRow(observation));
    if (observation.status === 'kept') this.#documents.insert(documentOfObservation(observation));
  }

  /** False when there is no such observation. */
  save(observation: Observation): boolean {
    const [id, , , , ...rest] = toObservationRow(observation);
    if (this.#save.run(...rest, id).changes === 0) return false;
    this.#documents.remove(id);
    if (observation.status === 'kept') this.#documents.insert(documentOfObservation(observation));
    return true;
  }

  keepLengths(lengths: readonly TextLength[]): void {
    for (const { observationId, text, tokens } of lengths) {
      this.#keepLength.run({ id: decodeId(observationId), hash: hashOf(text), tokens });
    }
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, 16);
}

function newestFirst(rows: readonly ObservationRow[]): ObservationRow[] {
  return [...rows].sort(([a], [b]) => b - a);
}

function kept(rows: readonly ObservationRow[]): KeptObservation[] {
  return rows.map(toObservation).filter((observation) => observation.status === 'kept');
}
