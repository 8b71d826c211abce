-- Keys are the integers behind the public ids (src/domain/shared/id.ts); times are milliseconds since 1970.
-- An index costs a write at every change of its columns, so each one here names the question that needs it.

CREATE TABLE workspace (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;

-- Columns that change come first. `prompt` and `result_text` hold at most 1,000 characters; what is longer is cut here,
-- ends with "…" and stands whole in task_prompt and task_result, so that neither a list nor an update drags it along.
-- agent_id and session_id are no foreign keys: what they name may be pruned before the task.
-- The CHECK says what each state has, as the union in src/domain/task/task.ts does. Choices are written with CASE and
-- OR, because SQLite builds a table for each IN of more than two, every time: that doubled the time of an update.
CREATE TABLE task (
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
    OR error_code = 'dependency_failed'
  )
) STRICT;

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

-- `place` keeps the order in which the dependencies were named.
CREATE TABLE task_dependency (
  task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  after_id INTEGER NOT NULL,
  PRIMARY KEY (task_id, place)
) STRICT, WITHOUT ROWID;

-- What comes after this task?
CREATE UNIQUE INDEX task_dependency_after ON task_dependency (after_id, task_id);

CREATE TABLE task_prompt (
  task_id INTEGER PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE task_result (
  task_id INTEGER PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE attempt (
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
    OR error_code = 'dependency_failed'
  )
) STRICT, WITHOUT ROWID;

-- How many tasks are in each state: kept by the writer, because counting a million rows blocks everybody.
CREATE TABLE task_count (
  status TEXT PRIMARY KEY,
  n INTEGER NOT NULL CHECK (n >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO task_count (status, n)
VALUES
  ('blocked', 0), ('scheduled', 0), ('pending', 0), ('processing', 0), ('completed', 0), ('failed', 0), ('cancelled', 0);

-- One row.
CREATE TABLE queue (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  paused INTEGER NOT NULL CHECK (paused IN (0, 1))
) STRICT;

INSERT INTO queue (id, paused) VALUES (1, 0);

CREATE TABLE agent (
  id INTEGER PRIMARY KEY,
  status TEXT NOT NULL,
  task_id INTEGER,
  stopped_at INTEGER,
  receipt_ended INTEGER CHECK (receipt_ended >= 0),
  receipt_left INTEGER CHECK (receipt_left >= 0),
  reason TEXT,
  profile TEXT NOT NULL,
  protocol TEXT NOT NULL,
  run_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  CHECK ((stopped_at IS NULL) = (receipt_ended IS NULL) AND (stopped_at IS NULL) = (receipt_left IS NULL)),
  CHECK (CASE status
    WHEN 'busy' THEN task_id IS NOT NULL AND stopped_at IS NULL AND reason IS NULL
    WHEN 'idle' THEN task_id IS NULL AND stopped_at IS NULL AND reason IS NULL
    WHEN 'starting' THEN task_id IS NULL AND stopped_at IS NULL AND reason IS NULL
    WHEN 'stopping' THEN stopped_at IS NULL AND reason IS NULL
    WHEN 'stopped' THEN task_id IS NULL AND stopped_at IS NOT NULL AND reason IS NULL
    WHEN 'crashed' THEN task_id IS NULL AND stopped_at IS NOT NULL AND reason IS NOT NULL
    ELSE 0
  END)
) STRICT;

-- Which agents have not ended?
CREATE INDEX agent_live ON agent (id) WHERE stopped_at IS NULL;

CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  status TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source <> ''),
  provider_session_id TEXT,
  agent TEXT NOT NULL,
  workspace_id INTEGER NOT NULL REFERENCES workspace (id),
  task_id INTEGER,
  title TEXT NOT NULL,
  prompts INTEGER NOT NULL CHECK (prompts >= 0),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  reason TEXT,
  CHECK (CASE status
    WHEN 'active' THEN ended_at IS NULL AND reason IS NULL
    WHEN 'paused' THEN ended_at IS NULL AND reason IS NULL
    WHEN 'closed' THEN ended_at IS NOT NULL AND reason IS NULL
    WHEN 'failed' THEN ended_at IS NOT NULL AND reason IS NOT NULL
    ELSE 0
  END)
) STRICT;

-- Which sessions are open, how many are active and paused?
CREATE INDEX session_open ON session (status) WHERE ended_at IS NULL;
-- Lists of what is rare among the rest, and of one workspace.
CREATE INDEX session_failed ON session (id) WHERE status = 'failed';
CREATE INDEX session_workspace ON session (workspace_id);

CREATE TABLE observation (
  id INTEGER PRIMARY KEY,
  workspace_id INTEGER NOT NULL REFERENCES workspace (id),
  session_id INTEGER,
  created_at INTEGER NOT NULL,
  forgotten_at INTEGER
) STRICT;

-- How many observations are kept?
CREATE INDEX observation_kept ON observation (id) WHERE forgotten_at IS NULL;

CREATE TABLE tool_use (
  session_id INTEGER NOT NULL,
  tool_use_id TEXT NOT NULL,
  captured_at INTEGER NOT NULL,
  distilled_at INTEGER,
  PRIMARY KEY (session_id, tool_use_id)
) STRICT, WITHOUT ROWID;

-- What waits to be distilled?
CREATE INDEX tool_use_waiting ON tool_use (session_id, captured_at) WHERE distilled_at IS NULL;

-- Positions are never given twice, also after the newest events have been pruned: hence AUTOINCREMENT.
CREATE TABLE event (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  task_id INTEGER,
  session_id INTEGER,
  agent_id INTEGER,
  observation_id INTEGER,
  workspace_id INTEGER,
  data TEXT NOT NULL
) STRICT;
