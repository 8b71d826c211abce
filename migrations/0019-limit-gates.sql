-- An account that has reached a limit is closed for a while: its tasks wait, or go to the profile that they name instead.
CREATE TABLE limit_gate (
  account TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind = 'rate' OR kind = 'usage'),
  reason TEXT NOT NULL,
  since INTEGER NOT NULL,
  closed_at INTEGER NOT NULL,
  closed_until INTEGER NOT NULL CHECK (closed_until >= closed_at),
  strikes INTEGER NOT NULL CHECK (strikes >= 0),
  -- The attempt that tries whether the account is open again. No foreign key: the task may be pruned before.
  probe_task INTEGER,
  probe_epoch INTEGER CHECK ((probe_epoch IS NULL) = (probe_task IS NULL))
) STRICT, WITHOUT ROWID;

-- The profile that takes a task while the account of its agent is closed; empty for none.
ALTER TABLE task ADD COLUMN fallback TEXT NOT NULL DEFAULT '';

-- Which tasks are next? A lane is a workspace and who may work in it, so that full workspaces and closed accounts are
-- passed over in one step each, however many of their tasks wait.
DROP INDEX task_ready;
CREATE INDEX task_ready ON task (workspace_id, agent, fallback, priority DESC, run_at, id) WHERE status = 'pending';

-- Which tasks wait for a limit's reset?
CREATE INDEX task_limited ON task (id) WHERE status = 'scheduled' AND error_code = 'rate_limited';
