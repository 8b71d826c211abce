import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/** A moment in 2025 that the samples are of, in milliseconds. */
export const THEN = Date.UTC(2025, 9, 5, 12);
const ISO = new Date(THEN).toISOString();

/** The columns of claude-mem at three times; only those that are read, and some that are not. */
const SCHEMAS = {
  old: `
    CREATE TABLE sdk_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, claude_session_id TEXT UNIQUE NOT NULL,
      sdk_session_id TEXT UNIQUE, project TEXT NOT NULL, user_prompt TEXT, started_at TEXT NOT NULL,
      started_at_epoch INTEGER NOT NULL, completed_at_epoch INTEGER);
    CREATE TABLE observations (id INTEGER PRIMARY KEY AUTOINCREMENT, sdk_session_id TEXT NOT NULL, project TEXT NOT NULL,
      text TEXT NOT NULL, type TEXT NOT NULL, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);
    CREATE TABLE session_summaries (id INTEGER PRIMARY KEY AUTOINCREMENT, sdk_session_id TEXT NOT NULL,
      project TEXT NOT NULL, request TEXT, investigated TEXT, learned TEXT, completed TEXT, next_steps TEXT,
      created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);`,
  middle: `
    CREATE TABLE sdk_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, content_session_id TEXT UNIQUE NOT NULL,
      memory_session_id TEXT UNIQUE, project TEXT NOT NULL, user_prompt TEXT, started_at TEXT NOT NULL,
      started_at_epoch INTEGER NOT NULL, completed_at_epoch INTEGER);
    CREATE TABLE user_prompts (id INTEGER PRIMARY KEY AUTOINCREMENT, content_session_id TEXT NOT NULL,
      prompt_number INTEGER NOT NULL, prompt_text TEXT NOT NULL, created_at TEXT NOT NULL, created_at_epoch INTEGER);
    CREATE TABLE observations (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_session_id TEXT NOT NULL,
      project TEXT NOT NULL, text TEXT, type TEXT NOT NULL, title TEXT, subtitle TEXT, facts TEXT, narrative TEXT,
      concepts TEXT, files_read TEXT, files_modified TEXT, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);
    CREATE TABLE session_summaries (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_session_id TEXT NOT NULL,
      project TEXT NOT NULL, request TEXT, investigated TEXT, learned TEXT, completed TEXT, next_steps TEXT,
      notes TEXT, created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);`,
  newest: `
    CREATE TABLE sdk_sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, content_session_id TEXT NOT NULL,
      memory_session_id TEXT UNIQUE, project TEXT NOT NULL, platform_source TEXT NOT NULL DEFAULT 'claude',
      user_prompt TEXT, started_at TEXT NOT NULL, started_at_epoch INTEGER NOT NULL, completed_at_epoch INTEGER,
      custom_title TEXT, UNIQUE (platform_source, content_session_id));
    CREATE TABLE user_prompts (id INTEGER PRIMARY KEY AUTOINCREMENT, session_db_id INTEGER,
      content_session_id TEXT NOT NULL, prompt_number INTEGER NOT NULL, prompt_text TEXT NOT NULL,
      created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);
    CREATE TABLE observations (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_session_id TEXT NOT NULL,
      project TEXT NOT NULL, type TEXT NOT NULL, title TEXT, subtitle TEXT, facts TEXT, narrative TEXT, concepts TEXT,
      files_read TEXT, files_modified TEXT, merged_into_project TEXT, content_hash TEXT, metadata TEXT,
      created_at TEXT NOT NULL, created_at_epoch INTEGER NOT NULL);
    CREATE TABLE session_summaries (id INTEGER PRIMARY KEY AUTOINCREMENT, memory_session_id TEXT NOT NULL,
      project TEXT NOT NULL, request TEXT, investigated TEXT, learned TEXT, completed TEXT, next_steps TEXT, notes TEXT,
      files_read TEXT, files_edited TEXT, merged_into_project TEXT, created_at TEXT NOT NULL,
      created_at_epoch INTEGER NOT NULL);`,
} as const;

export type ClaudeMemAge = keyof typeof SCHEMAS;

/** A database of that time; the rows of a table are objects by column. Left open, its rows stand in its log only. */
export function createClaudeMemDatabase(
  file: string,
  age: ClaudeMemAge,
  tables: Readonly<Record<string, readonly object[]>>,
): Disposable & { readonly database: Database.Database } {
  rmSync(file, { force: true });
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('wal_autocheckpoint = 0');
  database.exec(SCHEMAS[age]);
  for (const [table, rows] of Object.entries(tables)) {
    for (const given of rows) {
      const times =
        table === 'sdk_sessions'
          ? { started_at: ISO, started_at_epoch: THEN }
          : { created_at: ISO, created_at_epoch: THEN };
      const row = { ...times, ...given };
      const names = Object.keys(row);
      database
        .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`)
        .run(row);
    }
  }
  return { database, [Symbol.dispose]: () => database.close() };
}
