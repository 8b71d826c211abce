import type { Database, Statement } from 'better-sqlite3';
import type { ToolUse, ToolUseCount } from '../../domain/session/tool-use.js';
import type { AlikeToolUses } from '../../domain/session/tool-use-repository.js';
import { decodeId, encodeId, type SessionId } from '../../domain/shared/id.js';
import type { Timestamp } from '../../domain/shared/timestamp.js';
import { LIMIT } from './limit.js';
import { type OwnRow, type TextRow, type ToolUseRow, toOwnRow, toTextRow, toToolUse } from './tool-use-rows.js';

const REST = 'turn, subagent, name, outcome, via, cwd, at, duration_ms, distilled_at';
const TEXTS = 'input, result, input_omitted, result_omitted';
const WHOLE = `u.session_id, u.tool_use_id, ${REST}, ${TEXTS}
  FROM tool_use u JOIN tool_use_text t ON t.tool_use_id = u.id`;

export const TOOL_USE_STATEMENTS = {
  waiting: `SELECT ${WHOLE} WHERE u.session_id = ? AND distilled_at IS NULL ORDER BY u.id ${LIMIT}`,
  sessionsWaiting: `SELECT DISTINCT session_id FROM tool_use WHERE distilled_at IS NULL AND session_id > ?
    ORDER BY session_id ${LIMIT}`,
  byId: `SELECT u.id, u.session_id, u.tool_use_id, ${REST}, coalesce(input, ''), coalesce(result, ''),
      coalesce(input_omitted, 0), coalesce(result_omitted, 0)
    FROM tool_use u LEFT JOIN tool_use_text t ON t.tool_use_id = u.id WHERE u.session_id = ? AND u.tool_use_id = ?`,
  alike: `SELECT u.tool_use_id FROM tool_use u LEFT JOIN tool_use_text t ON t.tool_use_id = u.id
    WHERE u.session_id = ? AND u.at BETWEEN ? AND ? AND u.name = ? AND coalesce(t.input, '') IN (?, '')`,
  between: 'SELECT tool_use_id FROM tool_use WHERE session_id = ? AND at BETWEEN ? AND ?',
  counts: `SELECT name, count(*) AS uses, sum(outcome <> 'done') AS failed
    FROM (SELECT name, outcome FROM tool_use WHERE session_id = ? ${LIMIT}) GROUP BY name ORDER BY uses DESC, name`,
  insert: `INSERT INTO tool_use (session_id, tool_use_id, ${REST}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id, tool_use_id) DO NOTHING`,
  insertText: `INSERT INTO tool_use_text (tool_use_id, ${TEXTS}) VALUES (?, ?, ?, ?, ?)`,
  setDistilled: 'UPDATE tool_use SET distilled_at = ? WHERE session_id = ? AND tool_use_id = ?',
  remove: 'DELETE FROM tool_use WHERE session_id = ? AND tool_use_id = ?',
  blank: `UPDATE tool_use SET cwd = NULL, distilled_at = coalesce(distilled_at, ?)
    WHERE session_id = ? AND tool_use_id = ?`,
  blankText: `UPDATE tool_use_text SET input = '', result = '', input_omitted = 0, result_omitted = 0
    WHERE tool_use_id = (SELECT id FROM tool_use WHERE session_id = ? AND tool_use_id = ?)`,
  dropText: `DELETE FROM tool_use_text WHERE tool_use_id =
    (SELECT id FROM tool_use WHERE session_id = ? AND tool_use_id = ? AND distilled_at < ?)`,
  removeTurn: 'DELETE FROM tool_use WHERE session_id = ? AND turn = ?',
} as const;

/** Every question about tool uses, prepared once for a connection. */
export class ToolUseQueries {
  readonly #waiting: Statement<[number, number], ToolUseRow>;
  readonly #sessionsWaiting: Statement<[number, number], number>;
  readonly #byId: Statement<[number, string], [key: number, ...ToolUseRow]>;
  readonly #alike: Statement<[number, number, number, string, string], string>;
  readonly #between: Statement<[number, number, number], string>;
  readonly #counts: Statement<[number, number], ToolUseCount>;

  constructor(database: Database) {
    const s = TOOL_USE_STATEMENTS;
    this.#waiting = database.prepare<[number, number], ToolUseRow>(s.waiting).raw();
    this.#sessionsWaiting = database.prepare<[number, number], number>(s.sessionsWaiting).pluck();
    this.#byId = database.prepare<[number, string], [number, ...ToolUseRow]>(s.byId).raw();
    this.#alike = database.prepare<[number, number, number, string, string], string>(s.alike).pluck();
    this.#between = database.prepare<[number, number, number], string>(s.between).pluck();
    this.#counts = database.prepare(s.counts);
  }

  waiting(sessionId: SessionId, limit: number): ToolUse[] {
    return this.#waiting.all(decodeId(sessionId), limit).map(toToolUse);
  }

  sessionsWaiting(after: SessionId | null, limit: number): SessionId[] {
    const above = after === null ? 0 : decodeId(after);
    return this.#sessionsWaiting.all(above, limit).map((key) => encodeId('session', key));
  }

  getMany(sessionId: SessionId, toolUseIds: readonly string[]): ToolUse[] {
    const session = decodeId(sessionId);
    return toolUseIds
      .flatMap((id) => this.#byId.all(session, id))
      .sort(([a], [b]) => a - b)
      .map(([, ...row]) => toToolUse(row));
  }

  alike({ sessionId, name, input, from, to }: AlikeToolUses): string[] {
    return this.#alike.all(decodeId(sessionId), from, to, name, input);
  }

  between(sessionId: SessionId, from: Timestamp, to: Timestamp): string[] {
    return this.#between.all(decodeId(sessionId), from, to);
  }

  counts(sessionId: SessionId, limit: number): ToolUseCount[] {
    return this.#counts.all(decodeId(sessionId), limit);
  }
}

/** Every change of tool uses, prepared once for the connection that writes. */
export class ToolUseWrites {
  readonly #insert: Statement<OwnRow>;
  readonly #insertText: Statement<[key: number | bigint, ...TextRow]>;
  readonly #setDistilled: Statement<[number | null, number, string]>;
  readonly #remove: Statement<[number, string]>;
  readonly #blank: Statement<[number, number, string]>;
  readonly #blankText: Statement<[number, string]>;
  readonly #dropText: Statement<[number, string, number]>;
  readonly #removeTurn: Statement<[number, string]>;

  constructor(database: Database) {
    this.#insert = database.prepare(TOOL_USE_STATEMENTS.insert);
    this.#insertText = database.prepare(TOOL_USE_STATEMENTS.insertText);
    this.#setDistilled = database.prepare(TOOL_USE_STATEMENTS.setDistilled);
    this.#remove = database.prepare(TOOL_USE_STATEMENTS.remove);
    this.#blank = database.prepare(TOOL_USE_STATEMENTS.blank);
    this.#blankText = database.prepare(TOOL_USE_STATEMENTS.blankText);
    this.#dropText = database.prepare(TOOL_USE_STATEMENTS.dropText);
    this.#removeTurn = database.prepare(TOOL_USE_STATEMENTS.removeTurn);
  }

  /** False when it is known already. */
  insert(use: ToolUse): boolean {
    const { changes, lastInsertRowid } = this.#insert.run(...toOwnRow(use));
    if (changes === 0) return false;
    this.#insertText.run(lastInsertRowid, ...toTextRow(use));
    return true;
  }

  setDistilled(sessionId: SessionId, toolUseIds: readonly string[], at: Timestamp | null): void {
    for (const named of namesOf(sessionId, toolUseIds)) this.#setDistilled.run(at, ...named);
  }

  remove(sessionId: SessionId, toolUseIds: readonly string[]): void {
    for (const named of namesOf(sessionId, toolUseIds)) this.#remove.run(...named);
  }

  blank(sessionId: SessionId, toolUseIds: readonly string[], at: Timestamp): void {
    for (const named of namesOf(sessionId, toolUseIds)) {
      this.#blank.run(at, ...named);
      this.#blankText.run(...named);
    }
  }

  dropText(sessionId: SessionId, toolUseId: string, before: Timestamp): boolean {
    return this.#dropText.run(decodeId(sessionId), toolUseId, before).changes > 0;
  }

  removeTurn(sessionId: SessionId, turn: string): void {
    this.#removeTurn.run(decodeId(sessionId), turn);
  }
}

/** How the statements name these tool uses. */
function namesOf(sessionId: SessionId, toolUseIds: readonly string[]): (readonly [number, string])[] {
  const session = decodeId(sessionId);
  return toolUseIds.map((id) => [session, id]);
}
