import type { Database, Statement } from 'better-sqlite3';
import type { HandedContext } from '../../domain/context/handed-context.js';
import { decodeId, encodeId, type SessionId } from '../../domain/shared/id.js';
import { LIMIT } from './limit.js';

export const CONTEXT_STATEMENTS = {
  list: `SELECT session_id, at, tokens, observations FROM handed_context WHERE session_id = ? ORDER BY id ${LIMIT}`,
  insert: 'INSERT INTO handed_context (session_id, at, tokens, observations) VALUES (?, ?, ?, ?)',
  save: 'UPDATE handed_context SET tokens = ? WHERE session_id = ? AND at = ?',
  removeOf: 'DELETE FROM handed_context WHERE session_id = ?',
} as const;

type ContextRow = [sessionId: number, at: number, tokens: number, observations: string];

/** Every question about what sessions were handed, prepared once for a connection. */
export class ContextQueries {
  readonly #list: Statement<[number, number], ContextRow>;

  constructor(database: Database) {
    this.#list = database.prepare<[number, number], ContextRow>(CONTEXT_STATEMENTS.list).raw();
  }

  list(sessionId: SessionId, limit: number): HandedContext[] {
    return this.#list.all(decodeId(sessionId), limit).map(([, at, tokens, observations]) => ({
      sessionId,
      at,
      tokens,
      observationIds: (JSON.parse(observations) as number[]).map((key) => encodeId('obs', key)),
    }));
  }
}

/** Every change of it, prepared once for the connection that writes. */
export class ContextWrites {
  readonly #insert: Statement<ContextRow>;
  readonly #save: Statement<[number, number, number]>;
  readonly #removeOf: Statement<[number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(CONTEXT_STATEMENTS.insert);
    this.#save = database.prepare(CONTEXT_STATEMENTS.save);
    this.#removeOf = database.prepare(CONTEXT_STATEMENTS.removeOf);
  }

  insert({ sessionId, at, tokens, observationIds }: HandedContext): void {
    this.#insert.run(decodeId(sessionId), at, tokens, JSON.stringify(observationIds.map(decodeId)));
  }

  save({ sessionId, at, tokens }: HandedContext): void {
    this.#save.run(tokens, decodeId(sessionId), at);
  }

  removeOf(sessionId: SessionId): void {
    this.#removeOf.run(decodeId(sessionId));
  }
}
