-- Which rows of other programs' databases were imported, and as what: a second import takes none again, nor one that was
-- forgotten since. Nothing of what they say stands here.
CREATE TABLE imported_row (
  source TEXT PRIMARY KEY,
  key INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
