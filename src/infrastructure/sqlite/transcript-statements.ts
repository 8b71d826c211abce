import type { Database, Statement } from 'better-sqlite3';
import type { TranscriptPosition } from '../../domain/session/transcript-position.js';
import { decodeId, encodeId, type SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { LIMIT } from './limit.js';

export const TRANSCRIPT_STATEMENTS = {
  find: `SELECT file, head, read_to, in_long_line, turn, calls, not_before, read_at FROM transcript WHERE session_id = ?`,
  unread: `SELECT s.id FROM session s LEFT JOIN transcript t ON t.session_id = s.id
    WHERE s.id > ? AND s.source = ? AND s.transcript_path IS NOT NULL
    AND (s.ended_at IS NULL OR t.read_at IS NULL OR t.read_at < s.ended_at) ORDER BY s.id ${LIMIT}`,
  save: `INSERT INTO transcript (session_id, file, head, read_to, in_long_line, turn, calls, not_before, read_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
    ON CONFLICT (session_id) DO UPDATE SET file = excluded.file, head = excluded.head, read_to = excluded.read_to,
    in_long_line = excluded.in_long_line, turn = excluded.turn, calls = excluded.calls, read_at = excluded.read_at`,
  skipUntil: `INSERT INTO transcript (session_id, file, head, read_to, in_long_line, turn, calls, not_before, read_at)
    VALUES (?, '', '', 0, 0, NULL, '{}', ?, NULL)
    ON CONFLICT (session_id) DO UPDATE SET not_before = max(not_before, excluded.not_before)`,
} as const;

type Row = [
  file: string,
  head: string,
  offset: number,
  isInLongLine: number,
  turn: string | null,
  calls: string,
  notBefore: number,
  readAt: number | null,
];

/** Every question about how far transcripts are read, prepared once for a connection. */
export class TranscriptQueries {
  readonly #find: Statement<[number], Row>;
  readonly #unread: Statement<[number, string, number], number>;

  constructor(database: Database) {
    this.#find = database.prepare<[number], Row>(TRANSCRIPT_STATEMENTS.find).raw();
    this.#unread = database.prepare<[number, string, number], number>(TRANSCRIPT_STATEMENTS.unread).pluck();
  }

  find(sessionId: SessionId): TranscriptPosition | undefined {
    const row = this.#find.get(decodeId(sessionId));
    if (row === undefined) return undefined;
    const [file, head, offset, isInLongLine, turn, calls, notBefore, readAt] = row;
    const waiting = JSON.parse(calls) as Record<string, number>;
    return { sessionId, file, head, offset, isInLongLine: isInLongLine === 1, turn, calls: waiting, notBefore, readAt };
  }

  unread(source: string, after: SessionId | null, limit: number): SessionId[] {
    return this.#unread.all(after === null ? 0 : decodeId(after), source, limit).map((key) => encodeId('session', key));
  }
}

/** Every change of it, prepared once for the connection that writes. */
export class TranscriptWrites {
  readonly #save: Statement;
  readonly #skipUntil: Statement<[number, number]>;

  constructor(database: Database) {
    this.#save = database.prepare(TRANSCRIPT_STATEMENTS.save);
    this.#skipUntil = database.prepare(TRANSCRIPT_STATEMENTS.skipUntil);
  }

  save(position: Omit<TranscriptPosition, 'notBefore'>): void {
    const { sessionId, file, head, offset, isInLongLine, turn, calls, readAt } = position;
    const key = decodeId(sessionId);
    this.#save.run(key, file, head, offset, isInLongLine ? 1 : 0, turn, JSON.stringify(calls), readAt);
  }

  skipUntil(sessionId: SessionId, moment: Timestamp): void {
    this.#skipUntil.run(decodeId(sessionId), moment);
  }
}
