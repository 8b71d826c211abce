-- 1 for a task that runs also when one that it comes after did not complete, such as the next prompt of a conversation.
ALTER TABLE task ADD COLUMN run_anyway INTEGER NOT NULL DEFAULT 0 CHECK (run_anyway = 0 OR run_anyway = 1);
