-- What agents have used, in tokens and millionths of a US dollar. Of a conversation what its agent last told, which
-- counts from its begin; of a task and of a day of a profile the sum of the differences.
CREATE TABLE session_usage (
  session_id INTEGER PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
  input_tokens INTEGER NOT NULL CHECK (input_tokens >= 0),
  output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
  cached_tokens INTEGER NOT NULL CHECK (cached_tokens >= 0),
  micro_usd INTEGER NOT NULL CHECK (micro_usd >= 0)
) STRICT;

CREATE TABLE task_usage (
  task_id INTEGER PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE,
  input_tokens INTEGER NOT NULL CHECK (input_tokens >= 0),
  output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
  cached_tokens INTEGER NOT NULL CHECK (cached_tokens >= 0),
  micro_usd INTEGER NOT NULL CHECK (micro_usd >= 0)
) STRICT;

CREATE TABLE profile_usage (
  profile TEXT NOT NULL,
  day INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL CHECK (input_tokens >= 0),
  output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
  cached_tokens INTEGER NOT NULL CHECK (cached_tokens >= 0),
  micro_usd INTEGER NOT NULL CHECK (micro_usd >= 0),
  PRIMARY KEY (profile, day)
) STRICT, WITHOUT ROWID;
