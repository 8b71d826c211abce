-- How far the record that an agent keeps of a session has been read. Nothing of what it says stands here.
CREATE TABLE transcript (
  session_id INTEGER PRIMARY KEY REFERENCES session (id),
  -- Which file it was, and a hash of its first bytes: another file, or one written anew, is read from its start.
  file TEXT NOT NULL,
  head TEXT NOT NULL,
  -- Up to here, in bytes; `in_long_line` when that is within a line too long to be read.
  read_to INTEGER NOT NULL CHECK (read_to >= 0),
  in_long_line INTEGER NOT NULL CHECK (in_long_line = 0 OR in_long_line = 1),
  -- The turn that runs there, and which tool calls wait for their result: a JSON object of offsets by id.
  turn TEXT,
  calls TEXT NOT NULL,
  -- What is of an earlier moment is not taken: the session was paused then, or has been forgotten.
  not_before INTEGER NOT NULL,
  -- When its end was last reached.
  read_at INTEGER
) STRICT;
