import Database from 'better-sqlite3';

/** What lies in a queue before it is measured, in tasks. */
export interface Lying {
  /** Wait in the workspace that is worked in, after all that is measured. */
  readonly waiting?: number;
  /** Wait in a workspace that has no room. */
  readonly shutOut?: number;
  readonly finished?: number;
  /** Wait for a time that does not come. */
  readonly delayed?: number;
  /** Wait before all others, to be measured. */
  readonly ready?: number;
}

/** The directory that is worked in, and the one that has no room, with their keys. */
export const OPEN_PLACE = { key: 1, path: '/home/me/project' } as const;
export const FULL_PLACE = { key: 2, path: '/home/me/full' } as const;

export const PROMPT =
  'Run the tests of this package, find out why the second one fails, and fix what is at fault. '.repeat(2);

const BEHIND = -1;
const COLUMNS = `id, status, run_at, attempts, epoch, agent_id, started_at, finished_at, result_exit_code, result_bytes,
  result_truncated, result_text, agent, workspace_id, priority, max_attempts, timeout_ms, dependencies, created_at, prompt`;

/** Puts tasks into a database that no server has open, in one go. Their keys are below all that will be given. */
export function fillQueue(
  file: string,
  { waiting = 0, shutOut = 0, finished = 0, delayed = 0, ready = 0 }: Lying,
): void {
  const database = new Database(file);
  const now = Date.now();
  let key = 0;

  function add(rows: number, values: string, workspaceKey: number): void {
    if (rows === 0) return;
    database
      .prepare(
        `INSERT INTO task (${COLUMNS})
          WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :rows)
          SELECT (:key + n) * 1024, ${values}, 3, 3600000, 0, :now, :prompt FROM number`,
      )
      .run({ rows, key, now, workspaceKey, prompt: PROMPT });
    key += rows;
  }

  const none = 'NULL, NULL, NULL, NULL, NULL, NULL, NULL';
  try {
    database.pragma('synchronous = OFF');
    database.transaction(() => {
      const place = database.prepare('INSERT INTO workspace (id, path, name, added_at) VALUES (:key, :path, :path, 0)');
      for (const { key, path } of [OPEN_PLACE, FULL_PLACE]) place.run({ key, path });
      add(
        finished,
        `'completed', :now, 1, 1, 1, :now, :now, 0, 22, 0, 'Done: 3 files changed.', 'shell', :workspaceKey, 0`,
        OPEN_PLACE.key,
      );
      database
        .prepare(
          `INSERT INTO attempt (task_id, epoch, agent_id, started_at, finished_at, outcome, exit_code)
          SELECT id, 1, 1, started_at, finished_at, 'completed', 0 FROM task WHERE status = 'completed'`,
        )
        .run();
      add(delayed, `'scheduled', :now + 1e10, 0, 0, ${none}, 'shell', :workspaceKey, 0`, OPEN_PLACE.key);
      add(shutOut, `'pending', :now, 0, 0, ${none}, 'shell', :workspaceKey, 0`, FULL_PLACE.key);
      add(waiting, `'pending', :now, 0, 0, ${none}, 'shell', :workspaceKey, ${String(BEHIND)}`, OPEN_PLACE.key);
      add(ready, `'pending', :now, 0, 0, ${none}, 'shell', :workspaceKey, 0`, OPEN_PLACE.key);
      database.exec('UPDATE task_count SET n = (SELECT count(*) FROM task WHERE task.status = task_count.status)');
    })();
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}
