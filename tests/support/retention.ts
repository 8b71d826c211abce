import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { encodeId } from '../../src/domain/shared/id.js';

const DAY_MS = 86_400_000;
const NUMBERS = 'WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < @rows)';

export interface Filled {
  /** So many events of 40 days ago, and 10 of now. */
  readonly events: number;
  /** So many tasks that finished 100 days ago, with agents, attempts, long prompts and requests, and 10 of today. */
  readonly tasks: number;
  /** So many tool uses that were distilled 40 days ago, and 10 that wait. */
  readonly toolUses: number;
  /** Characters of each of their texts. */
  readonly textLength?: number;
}

/** Puts what has ended its time, and what has not, into a database that is there and that no server has open. */
export function fillExpired(file: string, filled: Filled, now = Date.now()): void {
  const database = new Database(file);
  try {
    database.pragma('synchronous = OFF');
    database.transaction(() => fill(database, filled, now))();
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

function fill(database: Database.Database, filled: Filled, now: number): void {
  const { events, tasks, toolUses, textLength = 500 } = filled;
  const common = { now, old: now - 40 * DAY_MS, finished: now - 100 * DAY_MS, text: 'x'.repeat(textLength) };
  const put = (rows: number, insert: string, select: string) => {
    const sql = `${insert} ${NUMBERS} SELECT ${select} FROM number WHERE n <= @rows`;
    const named = Object.entries({ ...common, rows, kept: 10 }).filter(([name]) => sql.includes(`@${name}`));
    database.prepare(sql).run(Object.fromEntries(named));
  };
  // One that was removed, so that nobody scans or watches it.
  const workspace = 'INSERT INTO workspace (id, path, name, added_at, removed_at) VALUES (1, ?, ?, ?, ?)';
  database.prepare(workspace).run('/gone', 'gone', now, now);
  put(
    events + 10,
    'INSERT INTO event (type, at, task_id, workspace_id, data)',
    `'task.completed', iif(n <= @rows - 10, @old, @now), n, 1, '{"number":' || n || '}'`,
  );
  put(
    tasks + 10,
    `INSERT INTO task (id, status, run_at, attempts, epoch, agent_id, started_at, finished_at, error_code, error_message,
      result_exit_code, result_bytes, result_truncated, result_text, agent, workspace_id, priority, max_attempts,
      timeout_ms, dependencies, session_id, created_at, prompt)`,
    `n, iif(n % 10 = 0, 'failed', 'completed'), @finished, 1, 1, n, @finished, iif(n <= @rows - 10, @finished, @now),
      iif(n % 10 = 0, 'failed', NULL), iif(n % 10 = 0, 'Boom.', NULL), iif(n % 10 = 0, NULL, 0), iif(n % 10 = 0, NULL, 3),
      iif(n % 10 = 0, NULL, 0), iif(n % 10 = 0, NULL, 'ok.'), 'shell', 1, 0, 3, 60000, 0, 1, @finished, 'echo ' || n`,
  );
  put(
    tasks + 10,
    'INSERT INTO attempt (task_id, epoch, agent_id, started_at, finished_at, outcome)',
    `n, 1, n, @finished, @finished, iif(n % 10 = 0, 'failed', 'completed')`,
  );
  put(
    tasks + 10,
    `INSERT INTO agent (id, status, stopped_at, receipt_ended, receipt_left, profile, protocol, run_id, owner, started_at)`,
    `n, 'stopped', iif(n <= @rows - 10, @finished, @now), 0, 0, 'shell', 'shell', 'run-' || n, 'a server', @finished`,
  );
  put(tasks + 10, 'INSERT INTO task_prompt (task_id, text)', 'n, @text');
  put(tasks + 10, 'INSERT INTO task_request (request_id, task_id)', `'request-' || n, n`);
  put(
    1,
    `INSERT INTO session (id, status, source, agent, workspace_id, task_id, title, prompts, started_at, ended_at)`,
    `n, 'closed', 'shell', 'shell', 1, 1, 'An old session', 0, @finished, @finished`,
  );
  put(
    toolUses + 10,
    `INSERT INTO tool_use (id, session_id, tool_use_id, name, outcome, via, at, distilled_at)`,
    `n, 1, 'use-' || n, 'Bash', 'done', 'hook', @old, iif(n <= @rows - 10, @old, NULL)`,
  );
  put(toolUses + 10, 'INSERT INTO tool_use_text', 'n, @text, @text, 0, 0');
  put(
    10,
    `INSERT INTO observation (id, workspace_id, session_id, created_at, pinned, type, origin, title, narrative, facts,
      concepts, files_read, files_modified, tool_uses)`,
    `n, 1, 1, @finished, 0, 'change', 'rules', 'Change ' || n, 'What was done.', '[]', '[]', '[]', '[]', '["use-1"]'`,
  );
  database.prepare('UPDATE task_count SET n = (SELECT count(*) FROM task WHERE task.status = task_count.status)').run();
}

/** What is in each table. */
export function countRows(file: string): Record<string, number> {
  const database = new Database(file, { readonly: true });
  try {
    const tables = ['event', 'agent', 'task', 'task_prompt', 'task_request', 'attempt', 'tool_use', 'tool_use_text'];
    return Object.fromEntries(
      [...tables, 'observation', 'session'].map((table) => [
        table,
        database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0,
      ]),
    );
  } finally {
    database.close();
  }
}

/** The whole content of a database as JSON by table, to compare. */
export function dumpRows(file: string): Record<string, string> {
  const database = new Database(file, { readonly: true });
  try {
    const tables = database
      .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .pluck()
      .all();
    return Object.fromEntries(
      tables.map((name) => [name, JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all())]),
    );
  } finally {
    database.close();
  }
}

/** Faults that SQLite finds, and counts of tasks that are not so. */
export function faultsOf(file: string): unknown[] {
  const database = new Database(file, { readonly: true });
  try {
    return [
      ...(database.pragma('integrity_check') as { integrity_check: string }[]).filter(
        (row) => row.integrity_check !== 'ok',
      ),
      ...(database.pragma('foreign_key_check') as unknown[]),
      ...database
        .prepare('SELECT * FROM task_count AS c WHERE n <> (SELECT count(*) FROM task WHERE status = c.status)')
        .all(),
    ];
  } finally {
    database.close();
  }
}

/** Makes the directory of an attempt at the task with this key, as old as is said, with so many bytes in its output. */
export function makeRun(runsDirectory: string, key: number, { bytes = 100, daysAgo = 100 } = {}): string {
  const directory = join(runsDirectory, `${encodeId('task', key)}-1`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const [name, text] of [
    ['output.log', 'o'.repeat(bytes)],
    ['prompt.txt', ''],
  ] as const) {
    writeFileSync(join(directory, name), text);
    const at = new Date(Date.now() - daysAgo * DAY_MS);
    utimesSync(join(directory, name), at, at);
  }
  return directory;
}
