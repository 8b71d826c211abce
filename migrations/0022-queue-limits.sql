-- What the user has set for a part of the queue: the tasks of an agent profile, of a workspace (its id) or of a group. A row
-- that sets nothing is removed.
CREATE TABLE queue_limit (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind = 'agent' OR kind = 'workspace' OR kind = 'group'),
  name TEXT NOT NULL,
  paused INTEGER NOT NULL CHECK (paused = 0 OR paused = 1),
  -- Most tasks in processing.
  max INTEGER CHECK (max >= 1),
  -- Most starts within any window of this length.
  rate_count INTEGER CHECK (rate_count >= 1),
  rate_period_ms INTEGER CHECK (rate_period_ms >= 1 AND (rate_period_ms IS NULL) = (rate_count IS NULL)),
  -- One at a time, in queue order.
  exclusive INTEGER NOT NULL CHECK (exclusive = 0 OR exclusive = 1 AND kind = 'group'),
  UNIQUE (kind, name)
) STRICT;

-- The newest starts that a rate counts, numbered without a gap, as many as it allows.
CREATE TABLE queue_start (
  limit_id INTEGER NOT NULL REFERENCES queue_limit ON DELETE CASCADE,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (limit_id, n)
) STRICT, WITHOUT ROWID;

-- Which task of a group has begun and not finished, and is it one that could go on?
DROP INDEX task_group_begun;
CREATE INDEX task_group_begun ON task (task_group, status, priority DESC, run_at, id)
WHERE task_group <> '' AND finished_at IS NULL AND epoch > 0;
