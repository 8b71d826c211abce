-- Which tasks share a limit, when a task is too late, how it is tried again (JSON; null for how the server does it), and
-- which other task its unique key forbids: null where there is no key. The group is empty for none.
ALTER TABLE task ADD COLUMN task_group TEXT NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN deadline INTEGER;
ALTER TABLE task ADD COLUMN retry TEXT;
ALTER TABLE task ADD COLUMN unique_scope TEXT CHECK (
  unique_scope IS NULL OR unique_scope = 'waiting' OR unique_scope = 'unfinished' OR unique_scope = 'period'
);
ALTER TABLE task ADD COLUMN unique_period_ms INTEGER CHECK (unique_period_ms >= 1);
UPDATE task SET unique_scope = 'unfinished' WHERE unique_key IS NOT NULL;

-- Which tasks are next, of all that are ready?
CREATE INDEX task_order ON task (priority DESC, run_at, id) WHERE status = 'pending';

-- Which are next where some must be passed over? A lane is a workspace, a group and who may work in it, so that a full one
-- is passed over in one step, however many of its tasks wait.
DROP INDEX task_ready;
CREATE INDEX task_ready ON task (workspace_id, agent, fallback, task_group, priority DESC, run_at, id)
WHERE status = 'pending';

-- Which tasks of a group have begun and not finished?
CREATE INDEX task_group_begun ON task (task_group) WHERE task_group <> '' AND finished_at IS NULL AND epoch > 0;
-- Which tasks are too late, and when is the next one?
CREATE INDEX task_deadline ON task (deadline) WHERE deadline IS NOT NULL AND finished_at IS NULL;

-- Is this unique key taken? Which tasks it forbids is decided where tasks are enqueued: not all keys forbid the same.
DROP INDEX task_unique;
CREATE INDEX task_unique ON task (unique_key) WHERE unique_key IS NOT NULL AND finished_at IS NULL;
CREATE INDEX task_unique_made ON task (unique_key, created_at) WHERE unique_key IS NOT NULL;
