-- Vectors of documents, if a model makes them (docs/decisions/0012): they go with their document, in its transaction.
-- Each is stored at full length, as 32-bit floats, and as the signs of its numbers, one bit each: a search reads all
-- bits and the floats of a few.
CREATE TABLE vector (
  key INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
  embedding BLOB NOT NULL
) STRICT;
CREATE TABLE vector_bits (
  key INTEGER PRIMARY KEY REFERENCES vector (key) ON DELETE CASCADE,
  bits BLOB NOT NULL
) STRICT;

-- What made the vectors that are there: those of another model mean nothing beside them.
CREATE TABLE vector_model (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  model TEXT NOT NULL,
  dimensions INTEGER NOT NULL
) STRICT;
