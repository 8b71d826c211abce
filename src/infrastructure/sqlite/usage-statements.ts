import type { Database, Statement } from 'better-sqlite3';
import { NO_USAGE, type Usage } from '../../domain/usage/usage.js';

const FIGURES = 'input_tokens, output_tokens, cached_tokens, micro_usd';
const ADDED = `input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
    cached_tokens = cached_tokens + excluded.cached_tokens, micro_usd = micro_usd + excluded.micro_usd`;

export const USAGE_STATEMENTS = {
  ofSession: `SELECT ${FIGURES} FROM session_usage WHERE session_id = ?`,
  ofTask: `SELECT ${FIGURES} FROM task_usage WHERE task_id = ?`,
  onDay: `SELECT ${FIGURES} FROM profile_usage WHERE profile = ? AND day = ?`,
  setSession: `INSERT OR REPLACE INTO session_usage (session_id, ${FIGURES}) VALUES (?, ?, ?, ?, ?)`,
  addTask: `INSERT INTO task_usage (task_id, ${FIGURES}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET ${ADDED}`,
  addDay: `INSERT INTO profile_usage (profile, day, ${FIGURES}) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (profile, day) DO UPDATE SET ${ADDED}`,
} as const;

type Figures = [inputTokens: number, outputTokens: number, cachedTokens: number, microUsd: number];

/** Every question about what agents have used, prepared once for a connection. */
export class UsageQueries {
  readonly #ofSession: Statement<[number], Figures>;
  readonly #ofTask: Statement<[number], Figures>;
  readonly #onDay: Statement<[string, number], Figures>;

  constructor(database: Database) {
    const s = USAGE_STATEMENTS;
    this.#ofSession = database.prepare<[number], Figures>(s.ofSession).raw();
    this.#ofTask = database.prepare<[number], Figures>(s.ofTask).raw();
    this.#onDay = database.prepare<[string, number], Figures>(s.onDay).raw();
  }

  ofSession(key: number): Usage {
    return toUsage(this.#ofSession.get(key));
  }

  ofTask(key: number): Usage {
    return toUsage(this.#ofTask.get(key));
  }

  onDay(profile: string, day: number): Usage {
    return toUsage(this.#onDay.get(profile, day));
  }
}

/** Every change of it, prepared once for the connection that writes. */
export class UsageWrites {
  readonly #setSession: Statement<[number, ...Figures]>;
  readonly #addTask: Statement<[number, ...Figures]>;
  readonly #addDay: Statement<[string, number, ...Figures]>;

  constructor(database: Database) {
    this.#setSession = database.prepare(USAGE_STATEMENTS.setSession);
    this.#addTask = database.prepare(USAGE_STATEMENTS.addTask);
    this.#addDay = database.prepare(USAGE_STATEMENTS.addDay);
  }

  setSession(key: number, usage: Usage): void {
    this.#setSession.run(key, ...figuresOf(usage));
  }

  addTask(key: number, usage: Usage): void {
    this.#addTask.run(key, ...figuresOf(usage));
  }

  addDay(profile: string, day: number, usage: Usage): void {
    this.#addDay.run(profile, day, ...figuresOf(usage));
  }
}

function figuresOf({ inputTokens, outputTokens, cachedTokens, microUsd }: Usage): Figures {
  return [inputTokens, outputTokens, cachedTokens, microUsd];
}

function toUsage(row: Figures | undefined): Usage {
  if (row === undefined) return NO_USAGE;
  const [inputTokens, outputTokens, cachedTokens, microUsd] = row;
  return { inputTokens, outputTokens, cachedTokens, microUsd };
}
