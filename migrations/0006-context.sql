-- What of the memory was handed to a session, and how long it was in tokens: `cw session show` tells it.
CREATE TABLE handed_context (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES session (id),
  at INTEGER NOT NULL,
  tokens INTEGER NOT NULL CHECK (tokens > 0),
  -- Keys of the observations in it, a JSON array.
  observations TEXT NOT NULL
) STRICT;

-- What was this session told?
CREATE INDEX handed_context_session ON handed_context (session_id, id);
-- What did the last sessions leave open?
CREATE INDEX observation_summary ON observation (workspace_id, id) WHERE type = 'summary';
