-- What is searched: observations, summaries, notes and prompts, each under the key of its own row. What is left here is
-- what ranking, filters and timelines need; titles and texts stand in the rows themselves.
CREATE TABLE document (
  key INTEGER PRIMARY KEY,
  -- How many were indexed before it.
  ordinal INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'observation' OR kind = 'summary' OR kind = 'note' OR kind = 'prompt'),
  workspace_id INTEGER NOT NULL,
  session_id INTEGER,
  who TEXT,
  pinned INTEGER NOT NULL CHECK (pinned = 0 OR pinned = 1)
) STRICT;

-- What was before and after it in its session? Around a time, in a workspace and in all?
CREATE INDEX document_session ON document (session_id, at, key) WHERE session_id IS NOT NULL;
CREATE INDEX document_workspace ON document (workspace_id, at, key);
CREATE INDEX document_time ON document (at, key);

-- The terms of a document in order, as 32-bit numbers (src/domain/memory/term-sequence.ts): ranking reads no text.
CREATE TABLE document_terms (
  key INTEGER PRIMARY KEY,
  terms BLOB NOT NULL
) STRICT;

-- Terms come split and stemmed, with spaces between them; `_` stands only in tags and between files.
CREATE VIRTUAL TABLE document_index USING fts5 (
  title, body, files, tags,
  content = '', contentless_delete = 1, tokenize = "ascii tokenchars '_'"
);

-- Words that were indexed, to find those that start with something and, from six letters on, have it inside.
CREATE TABLE word (
  id INTEGER PRIMARY KEY,
  word TEXT NOT NULL UNIQUE
) STRICT;

CREATE VIRTUAL TABLE word_part USING fts5 (
  word,
  content = 'word', content_rowid = 'id', tokenize = 'trigram', detail = 'none', columnsize = 0
);

CREATE TRIGGER word_inserted AFTER INSERT ON word WHEN length(new.word) > 5 BEGIN
  INSERT INTO word_part (rowid, word) VALUES (new.id, new.word);
END;

CREATE TRIGGER word_deleted AFTER DELETE ON word WHEN length(old.word) > 5 BEGIN
  INSERT INTO word_part (word_part, rowid, word) VALUES ('delete', old.id, old.word);
END;

-- How many documents there are, how many there ever were, and how long they are together, in terms.
CREATE TABLE document_count (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  documents INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  terms INTEGER NOT NULL
) STRICT;

INSERT INTO document_count (one, documents, ordinal, terms) VALUES (1, 0, 0, 0);
