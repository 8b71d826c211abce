-- What enqueues tasks by the clock: `cron` in a time zone, or every so many milliseconds. `task` is what it enqueues (JSON).
-- `last_task` is no foreign key: the task may be pruned before.
CREATE TABLE schedule (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  cron TEXT CHECK ((cron IS NULL) = (every_ms IS NOT NULL)),
  time_zone TEXT CHECK ((time_zone IS NULL) = (cron IS NULL)),
  every_ms INTEGER CHECK (every_ms >= 1),
  task TEXT NOT NULL,
  missed TEXT NOT NULL CHECK (missed = 'skip' OR missed = 'once' OR missed = 'all'),
  created_at INTEGER NOT NULL,
  paused INTEGER NOT NULL CHECK (paused = 0 OR paused = 1),
  next_at INTEGER CHECK (next_at IS NULL OR paused = 0),
  handled_until INTEGER NOT NULL,
  last_at INTEGER,
  last_task INTEGER CHECK ((last_task IS NULL) = (last_at IS NULL)),
  error_at INTEGER,
  error_code TEXT CHECK ((error_code IS NULL) = (error_at IS NULL)),
  error_message TEXT CHECK ((error_message IS NULL) = (error_at IS NULL))
) STRICT;

-- Which schedules are due, and when is the next one?
CREATE INDEX schedule_next ON schedule (next_at, id) WHERE next_at IS NOT NULL;
