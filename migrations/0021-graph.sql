-- What becomes of a task is said for each task that it comes after. What stands in its own row is where that began.
ALTER TABLE task_dependency ADD COLUMN run_anyway INTEGER NOT NULL DEFAULT 0 CHECK (run_anyway = 0 OR run_anyway = 1);
UPDATE task_dependency SET run_anyway = 1 WHERE task_id IN (SELECT id FROM task WHERE run_anyway = 1);
