-- A task may wait for a limit's reset or for a person, or run out of its own time: three more reasons. A CHECK cannot be
-- changed, so both tables that have it are built anew.

CREATE TABLE new_task (
  id INTEGER PRIMARY KEY,
  status TEXT NOT NULL,
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  epoch INTEGER NOT NULL CHECK (epoch >= attempts),
  waiting_for INTEGER CHECK (waiting_for >= 1),
  agent_id INTEGER,
  owner TEXT,
  session_id INTEGER,
  started_at INTEGER,
  finished_at INTEGER,
  error_code TEXT,
  error_message TEXT CHECK ((error_message IS NULL) = (error_code IS NULL)),
  result_exit_code INTEGER,
  result_bytes INTEGER CHECK (result_bytes >= 0),
  result_truncated INTEGER CHECK (result_truncated = 0 OR result_truncated = 1),
  result_text TEXT,
  agent TEXT NOT NULL,
  workspace_id INTEGER NOT NULL REFERENCES workspace (id),
  priority INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
  timeout_ms INTEGER NOT NULL CHECK (timeout_ms >= 1),
  dependencies INTEGER NOT NULL CHECK (dependencies >= 0),
  unique_key TEXT,
  created_at INTEGER NOT NULL,
  prompt TEXT NOT NULL,
  CHECK (CASE status
    WHEN 'completed' THEN finished_at IS NOT NULL AND owner IS NULL AND waiting_for IS NULL AND error_code IS NULL
      AND agent_id IS NOT NULL AND result_text IS NOT NULL AND result_bytes IS NOT NULL AND result_truncated IS NOT NULL
    WHEN 'processing' THEN finished_at IS NULL AND owner IS NOT NULL AND waiting_for IS NULL AND result_text IS NULL
      AND agent_id IS NOT NULL AND started_at IS NOT NULL
    WHEN 'pending' THEN finished_at IS NULL AND owner IS NULL AND waiting_for IS NULL AND result_text IS NULL
      AND agent_id IS NULL
    WHEN 'scheduled' THEN finished_at IS NULL AND owner IS NULL AND waiting_for IS NULL AND result_text IS NULL
      AND agent_id IS NULL
    WHEN 'blocked' THEN finished_at IS NULL AND owner IS NULL AND waiting_for IS NOT NULL AND result_text IS NULL
      AND agent_id IS NULL
    WHEN 'failed' THEN finished_at IS NOT NULL AND owner IS NULL AND waiting_for IS NULL AND result_text IS NULL
      AND error_code IS NOT NULL
    WHEN 'cancelled' THEN finished_at IS NOT NULL AND owner IS NULL AND waiting_for IS NULL AND result_text IS NULL
      AND error_code IS NOT NULL
    ELSE 0
  END),
  CHECK (
    error_code IS NULL OR error_code = 'failed' OR error_code = 'timeout' OR error_code = 'crashed'
    OR error_code = 'interrupted' OR error_code = 'usage' OR error_code = 'cancelled'
    OR error_code = 'dependency_failed' OR error_code = 'rate_limited' OR error_code = 'parked'
    OR error_code = 'deadline'
  )
) STRICT;

INSERT INTO new_task SELECT * FROM task;
DROP TABLE task;
ALTER TABLE new_task RENAME TO task;

-- Which tasks of a workspace are next? A full workspace is passed over in one step, however many of its tasks wait.
CREATE INDEX task_ready ON task (workspace_id, priority DESC, run_at, id) WHERE status = 'pending';
-- Which scheduled tasks are due, and when is the next one?
CREATE INDEX task_due ON task (run_at) WHERE status = 'scheduled';
-- What runs, and for which server?
CREATE INDEX task_processing ON task (owner) WHERE status = 'processing';
-- Is this unique key taken?
CREATE UNIQUE INDEX task_unique ON task (unique_key) WHERE unique_key IS NOT NULL AND finished_at IS NULL;
-- Lists of what is rare among the rest.
CREATE INDEX task_blocked ON task (id) WHERE status = 'blocked';
CREATE INDEX task_failed ON task (id) WHERE status = 'failed';
CREATE INDEX task_cancelled ON task (id) WHERE status = 'cancelled';

CREATE TABLE new_attempt (
  task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  agent_id INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT,
  exit_code INTEGER,
  error_code TEXT,
  error_message TEXT CHECK ((error_message IS NULL) = (error_code IS NULL)),
  PRIMARY KEY (task_id, epoch),
  CHECK ((outcome IS NULL) = (finished_at IS NULL)),
  CHECK (outcome = 'completed' OR outcome = 'failed' OR outcome = 'interrupted' OR outcome = 'cancelled'),
  CHECK (
    error_code IS NULL OR error_code = 'failed' OR error_code = 'timeout' OR error_code = 'crashed'
    OR error_code = 'interrupted' OR error_code = 'usage' OR error_code = 'cancelled'
    OR error_code = 'dependency_failed' OR error_code = 'rate_limited' OR error_code = 'parked'
    OR error_code = 'deadline'
  )
) STRICT, WITHOUT ROWID;

INSERT INTO new_attempt SELECT * FROM attempt;
DROP TABLE attempt;
ALTER TABLE new_attempt RENAME TO attempt;
