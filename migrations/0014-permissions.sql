-- What agents asked leave for, and what became of it. task_id, session_id and agent_id are no foreign keys: what they
-- name may be pruned before.
CREATE TABLE permission (
  id INTEGER PRIMARY KEY,
  status TEXT NOT NULL,
  task_id INTEGER NOT NULL,
  session_id INTEGER NOT NULL,
  workspace_id INTEGER NOT NULL REFERENCES workspace (id),
  agent_id INTEGER NOT NULL,
  profile TEXT NOT NULL,
  request_id TEXT NOT NULL,
  tool_use_id TEXT,
  tool TEXT NOT NULL,
  input TEXT NOT NULL,
  title TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_by TEXT CHECK (decided_by = 'rule' OR decided_by = 'person' OR decided_by = 'earlier'),
  reason TEXT,
  always INTEGER NOT NULL CHECK (always = 0 OR always = 1),
  decided_at INTEGER,
  CHECK (CASE status
    WHEN 'waiting' THEN decided_at IS NULL AND decided_by IS NULL AND reason IS NULL
    WHEN 'withdrawn' THEN decided_at IS NOT NULL AND decided_by IS NULL AND reason IS NULL
    WHEN 'allowed' THEN decided_at IS NOT NULL AND decided_by IS NOT NULL AND reason IS NOT NULL
    WHEN 'denied' THEN decided_at IS NOT NULL AND decided_by IS NOT NULL AND reason IS NOT NULL
    ELSE 0
  END)
) STRICT;

-- What waits for a person?
CREATE INDEX permission_waiting ON permission (id) WHERE status = 'waiting';
-- What was asked in this task?
CREATE INDEX permission_task ON permission (task_id, id);
-- Which answers hold for good?
CREATE INDEX permission_always ON permission (workspace_id, profile, tool, id) WHERE always = 1;
