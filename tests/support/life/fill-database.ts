import Database from 'better-sqlite3';

/** The owner of what runs: a server that is dead. */
const DEAD = 'a server that is dead';
/** Tasks that it ran. */
const RUNNING = 4;
const NUMBERS = 'WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :rows)';
const TASK_COLUMNS = `id, status, run_at, attempts, epoch, agent_id, owner, started_at, finished_at, result_exit_code,
  result_bytes, result_truncated, result_text, agent, workspace_id, priority, max_attempts, timeout_ms, dependencies,
  created_at, prompt`;

/**
 * Puts many tasks, observations and events into a database that no server has open: 70 of 100 tasks are completed, 20
 * wait in a queue that is paused, 10 are to run in an hour; some were running when their server died. Keys lie where
 * those of real rows do, far apart.
 */
export function fillDatabase(file: string, rows: number): void {
  const database = new Database(file);
  try {
    database.pragma('synchronous = OFF');
    database.transaction(() => fill(database, rows))();
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

function fill(database: Database.Database, rows: number): void {
  const [now, later] = [Date.now(), Date.now() + 3_600_000];
  const run = (sql: string) =>
    database.prepare(`${NUMBERS} ${sql}`.replace(/^(.*) (INSERT[^]*?) (SELECT)/, '$2 $1 $3'));
  database.prepare(`INSERT INTO workspace (id, path, name, added_at) VALUES (1, '/tmp', 'tmp', ?)`).run(now);
  database.prepare('UPDATE queue SET paused = 1').run();
  run(`INSERT INTO task (${TASK_COLUMNS}) SELECT n * 1024,
      CASE WHEN n % 10 < 7 THEN 'completed' WHEN n % 10 < 9 THEN 'pending' ELSE 'scheduled' END,
      iif(n % 10 < 9, :now - n, :later + n), n % 10 < 7, n % 10 < 7, iif(n % 10 < 7, n, NULL), NULL,
      iif(n % 10 < 7, :now, NULL), iif(n % 10 < 7, :now, NULL), iif(n % 10 < 7, 0, NULL), iif(n % 10 < 7, 3, NULL),
      iif(n % 10 < 7, 0, NULL), iif(n % 10 < 7, 'ok.', NULL), 'shell', 1, n % 3, 3, 60000, 0, :now - n,
      'echo this is number ' || n FROM number`).run({ rows, now, later });
  run(`INSERT INTO task (${TASK_COLUMNS}) SELECT :rows * 1024 + n, 'processing', :now, 1, 1, n, :owner, :now, NULL, NULL,
      NULL, NULL, NULL, 'shell', 1, 0, 3, 60000, 0, :now, 'true' FROM number WHERE n <= :running`).run({
    rows,
    now,
    owner: DEAD,
    running: Math.min(RUNNING, rows),
  });
  run(`INSERT INTO attempt (task_id, epoch, agent_id, started_at) SELECT :rows * 1024 + n, 1, n, :now FROM number
      WHERE n <= :running`).run({ rows, now, running: RUNNING });
  run(`INSERT INTO agent (id, status, task_id, profile, protocol, run_id, owner, started_at)
      SELECT n, 'busy', :rows * 1024 + n, 'shell', 'shell', 'run-of-the-dead-' || n, :owner, :now FROM number
      WHERE n <= :running`).run({ rows, now, owner: DEAD, running: RUNNING });
  run(`INSERT INTO observation (id, workspace_id, created_at, pinned, type, origin, title, narrative, facts, concepts,
      files_read, files_modified, tool_uses) SELECT n * 1024 + 1, 1, :now - n, 0, 'change', 'rules', 'Change ' || n,
      'What was done in step ' || n || ' of the work.', '[]', '[]', '[]', '["src/file-' || n || '.ts"]', '[]' FROM number`).run(
    { rows, now },
  );
  run(`INSERT INTO event (type, at, task_id, workspace_id, data) SELECT 'task.completed', :now - n, n * 1024, 1, '{}'
      FROM number`).run({ rows, now });
  database.prepare('UPDATE task_count SET n = (SELECT count(*) FROM task WHERE task.status = task_count.status)').run();
}
