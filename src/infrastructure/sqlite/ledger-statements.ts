import type { Database, Statement } from 'better-sqlite3';
import type { DeadLetter } from '../../domain/distil/dead-letter.js';
import type { SessionSpend, Spend } from '../../domain/distil/spend.js';
import { decodeId, encodeId, type SessionId } from '../../domain/shared/id.js';
import { LIMIT } from './limit.js';

const SUMS = `coalesce(sum(calls), 0) AS calls, coalesce(sum(input_tokens), 0) AS inputTokens,
  coalesce(sum(output_tokens), 0) AS outputTokens, coalesce(sum(micro_usd), 0) AS microUsd FROM model_spend`;
const LETTER = 'session_id, tool_uses, observations, reason, at FROM dead_letter';

export const LEDGER_STATEMENTS = {
  spentOn: `SELECT ${SUMS} WHERE day = ?`,
  spentIn: `SELECT ${SUMS} WHERE session_id = ?`,
  lettersOf: `SELECT ${LETTER} WHERE session_id = ? ORDER BY first_tool_use ${LIMIT}`,
  letters: `SELECT ${LETTER} ORDER BY session_id, first_tool_use ${LIMIT}`,
  countLetters: 'SELECT count(*) FROM dead_letter',
  spend: `INSERT INTO model_spend (session_id, day, calls, input_tokens, output_tokens, micro_usd)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (session_id, day) DO UPDATE SET calls = calls + excluded.calls,
    input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
    micro_usd = micro_usd + excluded.micro_usd`,
  keepLetter: `INSERT OR REPLACE INTO dead_letter (session_id, first_tool_use, tool_uses, observations, reason, at)
    VALUES (?, ?, ?, ?, ?, ?)`,
  removeLetter: 'DELETE FROM dead_letter WHERE session_id = ? AND first_tool_use = ?',
} as const;

type LetterRow = [sessionId: number, toolUses: string, observations: string, reason: string, at: number];

/** Every question about what a model has cost and where it failed, prepared once for a connection. */
export class LedgerQueries {
  readonly #spentOn: Statement<[number], Spend>;
  readonly #spentIn: Statement<[number], Spend>;
  readonly #lettersOf: Statement<[number, number], LetterRow>;
  readonly #letters: Statement<[number], LetterRow>;
  readonly #countLetters: Statement<[], number>;

  constructor(database: Database) {
    const s = LEDGER_STATEMENTS;
    this.#spentOn = database.prepare(s.spentOn);
    this.#spentIn = database.prepare(s.spentIn);
    this.#lettersOf = database.prepare<[number, number], LetterRow>(s.lettersOf).raw();
    this.#letters = database.prepare<[number], LetterRow>(s.letters).raw();
    this.#countLetters = database.prepare<[], number>(s.countLetters).pluck();
  }

  spentOn(day: number): Spend | undefined {
    return this.#spentOn.get(day);
  }

  spentIn(sessionId: SessionId): Spend | undefined {
    return this.#spentIn.get(decodeId(sessionId));
  }

  letters(sessionId: SessionId | null, limit: number): DeadLetter[] {
    const rows = sessionId === null ? this.#letters.all(limit) : this.#lettersOf.all(decodeId(sessionId), limit);
    return rows.map(([session, toolUses, observations, reason, at]) => ({
      sessionId: encodeId('session', session),
      toolUseIds: JSON.parse(toolUses) as [string, ...string[]],
      observationIds: (JSON.parse(observations) as number[]).map((key) => encodeId('obs', key)),
      reason,
      at,
    }));
  }

  countLetters(): number {
    return this.#countLetters.get() ?? 0;
  }
}

/** Every change of it, prepared once for the connection that writes. */
export class LedgerWrites {
  readonly #spend: Statement<[number, number, number, number, number, number]>;
  readonly #keepLetter: Statement<[number, string, string, string, string, number]>;
  readonly #removeLetter: Statement<[number, string]>;

  constructor(database: Database) {
    this.#spend = database.prepare(LEDGER_STATEMENTS.spend);
    this.#keepLetter = database.prepare(LEDGER_STATEMENTS.keepLetter);
    this.#removeLetter = database.prepare(LEDGER_STATEMENTS.removeLetter);
  }

  spend({ sessionId, day, calls, inputTokens, outputTokens, microUsd }: SessionSpend): void {
    this.#spend.run(decodeId(sessionId), day, calls, inputTokens, outputTokens, microUsd);
  }

  keepLetter({ sessionId, toolUseIds, observationIds, reason, at }: DeadLetter): void {
    const [uses, observations] = [JSON.stringify(toolUseIds), JSON.stringify(observationIds.map(decodeId))];
    this.#keepLetter.run(decodeId(sessionId), toolUseIds[0], uses, observations, reason, at);
  }

  removeLetter({ sessionId, toolUseIds }: DeadLetter): void {
    this.#removeLetter.run(decodeId(sessionId), toolUseIds[0]);
  }
}
