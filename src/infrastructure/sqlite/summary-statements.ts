import type { Database, Statement } from 'better-sqlite3';
import { decodeId, encodeId, type SessionId } from '../../domain/shared/id.js';
import { LIMIT } from './limit.js';

export const SUMMARY_STATEMENTS = {
  markOf: 'SELECT mark FROM due_summary WHERE session_id = ?',
  list: `SELECT session_id FROM due_summary WHERE session_id > ? ORDER BY session_id ${LIMIT}`,
  mark: 'INSERT INTO due_summary (session_id, mark) VALUES (?, 1) ON CONFLICT (session_id) DO UPDATE SET mark = mark + 1',
  clear: 'DELETE FROM due_summary WHERE session_id = ? AND mark = ?',
} as const;

/** Every question about summaries that are due, prepared once for a connection. */
export class SummaryQueries {
  readonly #markOf: Statement<[number], number>;
  readonly #list: Statement<[number, number], number>;

  constructor(database: Database) {
    this.#markOf = database.prepare<[number], number>(SUMMARY_STATEMENTS.markOf).pluck();
    this.#list = database.prepare<[number, number], number>(SUMMARY_STATEMENTS.list).pluck();
  }

  markOf(sessionId: SessionId): number | undefined {
    return this.#markOf.get(decodeId(sessionId));
  }

  list(after: SessionId | null, limit: number): SessionId[] {
    return this.#list.all(after === null ? 0 : decodeId(after), limit).map((key) => encodeId('session', key));
  }
}

/** Every change of them, prepared once for the connection that writes. */
export class SummaryWrites {
  readonly #mark: Statement<[number]>;
  readonly #clear: Statement<[number, number]>;

  constructor(database: Database) {
    this.#mark = database.prepare(SUMMARY_STATEMENTS.mark);
    this.#clear = database.prepare(SUMMARY_STATEMENTS.clear);
  }

  mark(sessionId: SessionId): void {
    this.#mark.run(decodeId(sessionId));
  }

  clear(sessionId: SessionId, mark: number): boolean {
    return this.#clear.run(decodeId(sessionId), mark).changes > 0;
  }
}
