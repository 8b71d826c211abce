-- What agents did, as it is captured, distilled and remembered. The tables of 0001 were empty until now.

DROP TABLE observation;
DROP TABLE tool_use;

ALTER TABLE session ADD COLUMN cwd TEXT;
ALTER TABLE session ADD COLUMN transcript_path TEXT;
ALTER TABLE session ADD COLUMN agent_version TEXT;

-- Which session of ours is this conversation of that agent?
CREATE UNIQUE INDEX session_provider ON session (provider_session_id, source) WHERE provider_session_id IS NOT NULL;

-- What was said in a session. `number` is the prompt's; what the agent answers has the number of what it answers.
-- `turn` is how the agent names the turn: the same words arrive from hooks, streams and transcripts, and count once.
CREATE TABLE prompt (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES session (id),
  workspace_id INTEGER NOT NULL REFERENCES workspace (id),
  number INTEGER NOT NULL CHECK (number >= 0),
  who TEXT NOT NULL CHECK (who = 'user' OR who = 'task' OR who = 'agent' OR who = 'system'),
  turn TEXT,
  at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;

-- What was said in this session, in order?
CREATE INDEX prompt_session ON prompt (session_id, id);
-- Is this one known?
CREATE UNIQUE INDEX prompt_turn ON prompt (session_id, turn, who) WHERE turn IS NOT NULL;

-- The order of arrival is the key. Input and result, which may be long, stand in a table of their own.
CREATE TABLE tool_use (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES session (id),
  tool_use_id TEXT NOT NULL,
  turn TEXT,
  subagent TEXT,
  name TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome = 'done' OR outcome = 'failed' OR outcome = 'denied'),
  via TEXT NOT NULL CHECK (via = 'hook' OR via = 'stream' OR via = 'transcript' OR via = 'api'),
  cwd TEXT,
  at INTEGER NOT NULL,
  duration_ms INTEGER CHECK (duration_ms >= 0),
  distilled_at INTEGER
) STRICT;

-- Is this one known?
CREATE UNIQUE INDEX tool_use_known ON tool_use (session_id, tool_use_id);
-- What of this session waits to be distilled, in order?
CREATE INDEX tool_use_waiting ON tool_use (session_id, id) WHERE distilled_at IS NULL;

-- Texts as they are kept: head and tail of what is long; the omitted numbers say how many characters are not there.
CREATE TABLE tool_use_text (
  tool_use_id INTEGER PRIMARY KEY REFERENCES tool_use (id) ON DELETE CASCADE,
  input TEXT NOT NULL,
  result TEXT NOT NULL,
  input_omitted INTEGER NOT NULL CHECK (input_omitted >= 0),
  result_omitted INTEGER NOT NULL CHECK (result_omitted >= 0)
) STRICT;

-- Lists are JSON arrays of texts. A forgotten observation keeps its place and nothing else.
CREATE TABLE observation (
  id INTEGER PRIMARY KEY,
  workspace_id INTEGER NOT NULL REFERENCES workspace (id),
  session_id INTEGER REFERENCES session (id),
  created_at INTEGER NOT NULL,
  forgotten_at INTEGER,
  pinned INTEGER NOT NULL CHECK (pinned = 0 OR pinned = 1),
  type TEXT,
  origin TEXT CHECK (
    origin = 'rules' OR origin = 'model' OR origin = 'user' OR origin = 'agent' OR origin = 'import'
  ),
  turn TEXT,
  title TEXT,
  narrative TEXT,
  facts TEXT,
  concepts TEXT,
  files_read TEXT,
  files_modified TEXT,
  tool_uses TEXT,
  CHECK (CASE WHEN forgotten_at IS NULL
    THEN type IS NOT NULL AND origin IS NOT NULL AND title IS NOT NULL AND narrative IS NOT NULL AND facts IS NOT NULL
      AND concepts IS NOT NULL AND files_read IS NOT NULL AND files_modified IS NOT NULL AND tool_uses IS NOT NULL
    ELSE type IS NULL AND origin IS NULL AND title IS NULL AND narrative IS NULL AND facts IS NULL
      AND concepts IS NULL AND files_read IS NULL AND files_modified IS NULL AND tool_uses IS NULL AND pinned = 0
  END)
) STRICT;

-- What is remembered of a workspace, of a session?
CREATE INDEX observation_workspace ON observation (workspace_id, id) WHERE forgotten_at IS NULL;
CREATE INDEX observation_session ON observation (session_id, id) WHERE session_id IS NOT NULL AND forgotten_at IS NULL;
-- What is always to be handed back?
CREATE INDEX observation_pinned ON observation (workspace_id, id) WHERE pinned = 1;

-- How much there is: kept by triggers, because counting a million rows takes 30 ms of everybody's time.
CREATE TABLE memory_count (
  what TEXT PRIMARY KEY,
  n INTEGER NOT NULL CHECK (n >= 0)
) STRICT, WITHOUT ROWID;

INSERT INTO memory_count (what, n) VALUES ('observations', 0), ('waiting', 0);

CREATE TRIGGER observation_inserted AFTER INSERT ON observation WHEN new.forgotten_at IS NULL BEGIN
  UPDATE memory_count SET n = n + 1 WHERE what = 'observations';
END;

CREATE TRIGGER observation_forgotten AFTER UPDATE OF forgotten_at ON observation
WHEN old.forgotten_at IS NULL AND new.forgotten_at IS NOT NULL BEGIN
  UPDATE memory_count SET n = n - 1 WHERE what = 'observations';
END;

CREATE TRIGGER observation_deleted AFTER DELETE ON observation WHEN old.forgotten_at IS NULL BEGIN
  UPDATE memory_count SET n = n - 1 WHERE what = 'observations';
END;

CREATE TRIGGER tool_use_inserted AFTER INSERT ON tool_use WHEN new.distilled_at IS NULL BEGIN
  UPDATE memory_count SET n = n + 1 WHERE what = 'waiting';
END;

CREATE TRIGGER tool_use_distilled AFTER UPDATE OF distilled_at ON tool_use
WHEN (old.distilled_at IS NULL) <> (new.distilled_at IS NULL) BEGIN
  UPDATE memory_count SET n = n + iif(new.distilled_at IS NULL, 1, -1) WHERE what = 'waiting';
END;

CREATE TRIGGER tool_use_deleted AFTER DELETE ON tool_use WHEN old.distilled_at IS NULL BEGIN
  UPDATE memory_count SET n = n - 1 WHERE what = 'waiting';
END;
