-- What the model that distils has cost: budgets are checked against it, across restarts. A day is one in UTC, counted
-- from 1970. No reference to the session: what was paid stays paid when a session is gone.
CREATE TABLE model_spend (
  day INTEGER NOT NULL,
  session_id INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  micro_usd INTEGER NOT NULL,
  PRIMARY KEY (session_id, day)
) STRICT, WITHOUT ROWID;

-- What was spent today?
CREATE INDEX model_spend_day ON model_spend (day);

-- Tool uses of which a model made nothing, named by the first of them, and why; rules have stood in.
CREATE TABLE dead_letter (
  session_id INTEGER NOT NULL,
  first_tool_use TEXT NOT NULL,
  -- Ids of all the tool uses, and keys of the observations that the rules made: JSON arrays.
  tool_uses TEXT NOT NULL,
  observations TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (session_id, first_tool_use)
) STRICT, WITHOUT ROWID;
