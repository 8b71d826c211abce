-- How long what a context says of an observation is, in tokens, so that a session that begins waits for no tokenizer.
CREATE TABLE observation_tokens (
  observation_id INTEGER NOT NULL REFERENCES observation (id) ON DELETE CASCADE,
  -- The first 16 bytes of the SHA-256 of the text that was counted: other wording is another text.
  text_hash BLOB NOT NULL,
  tokens INTEGER NOT NULL CHECK (tokens > 0),
  PRIMARY KEY (observation_id, text_hash)
) STRICT, WITHOUT ROWID;

-- What is forgotten leaves no hash behind either.
CREATE TRIGGER observation_tokens_changed AFTER UPDATE ON observation BEGIN
  DELETE FROM observation_tokens WHERE observation_id = new.id;
END;
