-- Sessions in which a turn has ended, or which have ended, since their last summary. `mark` counts how often that was.
CREATE TABLE due_summary (
  session_id INTEGER PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
  mark INTEGER NOT NULL CHECK (mark > 0)
) STRICT;

-- What is the summary of this session?
CREATE INDEX observation_session_summary ON observation (session_id, id) WHERE type = 'summary';
